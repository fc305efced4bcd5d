using Decision.Contracts.Admin.V1;
using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ConfigurationTests(Browser browser)
{
    [Fact]
    public async Task Every_setting_is_told_with_its_value_or_default_and_no_secret()
    {
        using var folder = new TemporaryFolder();
        string policies = folder.Write("policies.json", """{ "filed": { "org_id": "acme", "rate": 1, "per": 1, "access_rights": { "filed-api": { "api_id": "filed-api" } } } }""");
        string apis = folder.Write("apis.json", """[ { "api_id": "filed-api", "listen_path": "/filed" } ]""");
        await using var server = await Running.StartAsync(
            "--Storage:Path=:memory:", "--policies:policy_source=file", $"--policies:policy_record_name={policies}", $"--apis:record_name={apis}",
            "--Secrets:Key=hidden-key-0123456789",
            "--Events:QuotaThresholds=80,100", "--Events:Webhook:Address=http://127.0.0.1:9/hidden-path?a=hidden-query", "--Events:Webhook:Secret=hidden-secret-0123456789",
            "--Telemetry:Headers=x-token=hidden-token", "--Telemetry:Endpoint=http://127.0.0.1:9", "--Cache:Keys=777");
        await using var window = await browser.SignedInAsync(server: server);
        await window.GoAsync("configuration", "Configuration");
        await HasAsync("Cache:Keys", "777", "set");
        await HasAsync("Server:DrainTime", "10s", "default");
        await HasAsync("Storage:Kind", "embedded", "default");
        await HasAsync("ForwardAuth:TrustedNetworks", "127.0.0.0/8, ::1", "default");
        await HasAsync("Admin:Secret", "***", "set");
        await HasAsync("Secrets:Key", "***", "set");
        await HasAsync("Events:Webhook:Address", "http://127.0.0.1:9/***", "set");
        await HasAsync("Telemetry:Headers", "x-token=***", "set");
        string html = await window.Page.ContentAsync();
        Assert.DoesNotContain("hidden-", html, StringComparison.Ordinal);
        Assert.DoesNotContain(Running.Secret, html, StringComparison.Ordinal);
        await Expect(window.Region("This server")).ToContainTextAsync(policies);
        await Expect(window.Region("This server")).ToContainTextAsync($"Http http://{server.Http}");
        await Expect(window.Region("This server")).ToContainTextAsync("embedded, :memory:");

        await window.Page.GetByLabel("Search").FillAsync("drain");
        await Expect(window.Region("Settings").Locator("tbody tr")).ToHaveCountAsync(2);
        await window.Page.GetByLabel("Only what was set").CheckAsync();
        await Expect(window.Page.GetByText("No setting fits the search.")).ToBeVisibleAsync();

        // What a file gives is changed in the file.
        await window.GoAsync("apis/filed-api", "filed-api");
        await Expect(window.Page.GetByText("comes from the file")).ToContainTextAsync("apis.json");
        await Expect(window.Button("Delete")).ToHaveCountAsync(0);
        await Expect(window.Page.GetByLabel("Listen path")).ToHaveAttributeAsync("readonly", "");

        async Task HasAsync(string name, string value, string from)
        {
            var cells = window.Region("Settings").GetByRole(AriaRole.Row)
                .Filter(new() { Has = window.Page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true }) }).GetByRole(AriaRole.Cell);
            await Expect(cells.Nth(1)).ToHaveTextAsync(value);
            await Expect(cells.Nth(2)).ToHaveTextAsync(from);
        }
    }

    [Fact]
    public async Task Configuration_is_there_also_while_the_store_fails_and_not_for_one_organisation()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--requirepass", "hidden-password");
        await using var server = await Running.StartAsync("--Storage:Kind=redis", $"--Redis:Configuration={redis.Address},password=hidden-password", "--Redis:AdminTimeout=500ms");
        var credential = await server.CreateCredentialAsync("acme-only", AdminRole.Admin, "acme");
        await using var scoped = await browser.SignedInAsync(credential.Token, server);
        await scoped.GoAsync("configuration", "Configuration");
        await Expect(scoped.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "You may not do this" })).ToContainTextAsync("The configuration belongs to all organisations");
        await using var window = await browser.SignedInAsync(server: server);
        await window.GoAsync("audit", "Audit");

        await redis.KillAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Configuration" }).ClickAsync();

        await Expect(window.Region("This server")).ToContainTextAsync($"Redis, {redis.Address},password=***");
        Assert.DoesNotContain("hidden-password", await window.Page.ContentAsync(), StringComparison.Ordinal);
        foreach (var (page, heading) in new[] { ("APIs", "APIs"), ("Organisations", "Organisations"), ("Credentials", "Credentials"), ("Audit", "Audit") })
        {
            await window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = page }).ClickAsync();
            await Expect(window.Heading(heading)).ToBeVisibleAsync();
            await Expect(window.Page.GetByText("The store does not answer")).ToBeVisibleAsync();
        }
    }
}
