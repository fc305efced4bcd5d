using Decision.Cli.Tests.Import;
using Decision.TestKit.Redis;

namespace Decision.Cli.Tests.Pages;

/// <summary>Every block of commands of pages that need more than the demo, as a reader runs them; <see cref="PlainPageTests"/> has the others.</summary>
public sealed class PageCommandTests
{
    // Pages with a test of their own below.
    private static readonly string[] Special = ["docs/guides/migrate-from-tyk.md", "docs/guides/test-policies.md", "docs/guides/run-with-redis.md", "docs/proxies/README.md", "docs/cli.md", "docs/configuration.md", "docs/operations.md", "docs/migration.md"];

    [Fact]
    public async Task Commands_of_test_policies_do_what_it_says()
    {
        await using var shell = await PageShell.StartAsync();

        string output = await shell.RunAsync("docs/guides/test-policies.md");

        Assert.Contains("1 passed, 0 failed in 1 file.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(shell.PathOf("results.xml")));
    }

    [Fact]
    public async Task Commands_of_migrate_from_tyk_do_what_it_says()
    {
        await using var tyk = new TykStandIn { Policies = """[{"id": "gold", "org_id": "acme", "rate": 5, "per": 1, "access_rights": {"orders": {}}}]""" };
        await using var shell = await PageShell.StartAsync();

        string output = await shell.Replace("http://127.0.0.1:8080", tyk.Address).RunAsync("docs/guides/migrate-from-tyk.md");

        Assert.Contains("4       \"action\": \"unchanged\"", output, StringComparison.Ordinal);
        Assert.True(File.Exists(shell.PathOf("import.md")));
        Assert.True(File.Exists(shell.PathOf("gateway.md")));
    }

    [Fact]
    public async Task Commands_of_run_with_redis_do_what_it_says()
    {
        await using var shell = await PageShell.StartAsync();

        // Three servers and a Redis start at once here, beside other tests: longer than the 50 ms that a decision waits by default.
        string output = await shell.FreePorts("6390", "50061", "50062", "50063", "8091", "8092", "8093")
            .Before("export DECISION_Redis__Timeout=1s").RunAsync("docs/guides/run-with-redis.md");

        Assert.Contains("decision_store_duration_seconds", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_of_proxies_do_what_it_shows()
    {
        string[] proxies = ["nginx", "caddy", "haproxy"];
        proxies.ToList().ForEach(DebianPackage.Require);
        await using var shell = await PageShell.StartAsync();
        shell.FreePorts("8080", "9000").Replace("/tmp/decision-nginx", shell.PathOf("nginx"))
            .Copy("docs/proxies/nginx.conf").Copy("docs/proxies/Caddyfile").Copy("docs/proxies/haproxy.cfg").Copy("docs/proxies/haproxy-decision.lua");

        string output = await shell.Before("export XDG_DATA_HOME=$CLONE/caddy XDG_CONFIG_HOME=$CLONE/caddy").RunAsync("docs/proxies/README.md");

        // Each of them lets three pass and refuses the fourth, as the page shows it of the first.
        Assert.Equal((9, 3), (output.Split("order 1 200\n").Length - 1, output.Split("{\"error\": \"Rate Limit Exceeded\"} 429\n").Length - 1));
    }

    [Fact]
    public async Task Commands_of_the_command_line_do_what_it_shows()
    {
        await using var shell = await PageShell.StartAsync();

        // The key of the page is the only one with this alias, until it is deleted: its first use asks for its id.
        await shell.Replace("cHxs33k1L6hZAo2t", "${page_key:=$(decisionctl key list --alias me --quiet)}").RunAsync("docs/cli.md");
    }

    [Fact]
    public async Task Commands_of_configuration_do_what_it_says()
    {
        await using var shell = await PageShell.StartAsync();
        shell.Write("settings.json", """{ "policies": { "policy_source": "file", "policy_record_name": "./policies/policies.json" } }""");
        shell.Write("policies/policies.json", """{ "gold": { "org_id": "demo", "rate": 5, "per": 1, "quota_max": -1, "access_rights": { "orders": {} } } }""");

        string output = await shell.RunAsync("docs/configuration.md");

        Assert.Contains("1 policies", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_of_operations_do_what_it_says()
    {
        await using var shell = await PageShell.StartAsync();
        string[] folders = ["/opt/decision", "/etc/decision", "/var/lib/decision", "/var/backups"];
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(shell.PathOf(folder[1..]));
            shell.Replace(folder, shell.PathOf(folder[1..]));
        }

        shell.Write("etc/decision/settings.json", $$"""{ "Data": { "Path": "{{shell.PathOf("var/lib/decision")}}" } }""");

        string output = await shell.Before("lay \"$CLONE/opt/decision/Decision.Server\" \"$SERVER\"; cp \"$CLONE/opt/decision/Decision.Server\" .; systemctl start decision").RunAsync("docs/operations.md");

        Assert.Contains("Exported to", output, StringComparison.Ordinal);
        Assert.Contains("Imported from", output, StringComparison.Ordinal);
        Assert.True(File.Exists(shell.PathOf("var/lib/decision/decision.db")));
    }

    [Fact]
    public async Task Commands_of_migration_move_the_demo_to_redis_and_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var shell = await PageShell.StartAsync();
        await shell.PrepareAsync("""
            export DECISION_ADMIN_SECRET=$(cat src/Decision.Server/data/admin-secret)
            decisionctl authorize --key "$(decisionctl key create --policy read-orders --policy monthly-quota --org demo --quiet)" --api orders --path /orders/1
            """);
        await shell.StopDemoAsync();

        await shell.Replace("127.0.0.1:6379", redis.Address).RunAsync("docs/migration.md");

        Assert.True(File.Exists(shell.PathOf("data/decision.db")));
    }

    [Fact]
    public void Pages_with_commands_are_run_or_each_block_says_why_not()
    {
        string[] run = [.. PlainPageTests.Pages, .. Special];
        var unmarked =
            from path in MarkdownPage.All()
            where IsGuide(path) && !run.Contains(path)
            from block in MarkdownPage.Read(path).Commands()
            where block.NotRun is null
            select $"{path}:{block.Line}";

        Assert.Empty(unmarked);
        Assert.All(run, path => Assert.True(IsGuide(path) && MarkdownPage.Read(path).Commands().Any(block => block.NotRun is null), path));
    }

    [Fact]
    public void Blocks_that_are_not_run_have_a_reason() => Assert.All(
        from path in MarkdownPage.All() from block in MarkdownPage.Read(path).Commands() where block.NotRun is not null select (path, block),
        one => Assert.True(one.block.NotRun!.Length > 10, $"{one.path}:{one.block.Line} says no reason"));

    private static bool IsGuide(string path) =>
        path is "README.md" or "docs/README.md" or "docs/getting-started.md" or "docs/cli.md" or "docs/configuration.md" or "docs/operations.md" or "docs/migration.md" || path.StartsWith("docs/guides/", StringComparison.Ordinal) || path.StartsWith("docs/proxies/", StringComparison.Ordinal) || path.StartsWith("docs/concepts/", StringComparison.Ordinal);
}
