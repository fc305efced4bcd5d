using System.Diagnostics;
using System.Text;
using Decision.Cli.Tests.Import;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Guides;

/// <summary>Every command block of the guides on policy tests and on Tyk, in one shell, from an empty folder, as a reader runs them.</summary>
public sealed class GuideTests(LiveServer server) : IDisposable
{
    private readonly FileFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commands_of_test_policies_do_what_it_says()
    {
        string output = await RunAsync("test-policies.md");

        Assert.Contains("3 passed, 0 failed in 1 file.", output, StringComparison.Ordinal);
        Assert.Contains("policies/gold.test.yaml:8 request 1, turn 3 of 3", output, StringComparison.Ordinal);
        Assert.Contains("Decided by step rate, policy gold, field rate: rate 2 in 10s, counted on policy:gold: 2 used, 0 left, again in 10s.", output, StringComparison.Ordinal);
        Assert.Contains("exit code 1", output, StringComparison.Ordinal);
        Assert.Contains("1 passed, 0 failed in 1 file.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.PathOf("results.xml")));
    }

    [Fact]
    public async Task Commands_of_migrate_from_tyk_do_what_it_says()
    {
        await using var tyk = new TykStandIn { Policies = """[{"id": "gold", "org_id": "acme", "rate": 5, "per": 1, "access_rights": {"orders": {}}}]""" };
        _folder.Write("src/Decision.Server/data/admin-secret", LiveServer.Secret + "\n");

        string output = await RunAsync("migrate-from-tyk.md", ("http://127.0.0.1:8080", tyk.Address));

        Assert.Contains("post matched nothing at Tyk", output, StringComparison.Ordinal);
        Assert.Contains("key a1b2c3d4 (partner): only its murmur32 is known", output, StringComparison.Ordinal);
        Assert.Contains("key 1c8bfe8f (test): has 7 characters", output, StringComparison.Ordinal);
        Assert.Contains("keys made, 2 policies made, use of 1 quotas carried over.", output, StringComparison.Ordinal);
        Assert.Contains("749", output, StringComparison.Ordinal);
        Assert.Contains("4       \"action\": \"unchanged\"", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.PathOf("import.md")));
        Assert.True(File.Exists(_folder.PathOf("gateway.md")));
    }

    private async Task<string> RunAsync(string guide, params (string From, string To)[] replaced)
    {
        string script = Commands(await File.ReadAllTextAsync(Repository.PathOf("docs", "guides", guide), TestContext.Current.CancellationToken));
        foreach (var (from, to) in replaced)
        {
            script = script.Replace(from, to, StringComparison.Ordinal);
        }

        string tool = Path.Combine(AppContext.BaseDirectory, "decisionctl.dll");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _folder.Path };
        start.Environment["DECISION_ADDRESS"] = server.Address;
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec 2>&1\nset -e\ndecisionctl() {{ dotnet '{tool}' \"$@\"; }}\n{script}");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{guide} ended with {process.ExitCode}:\n{output}");
        return output;
    }

    // The blocks that are marked as sh; outputs and files of other programs are not.
    private static string Commands(string guide)
    {
        var script = new StringBuilder();
        bool isCommand = false;
        foreach (string line in guide.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCommand = line == "```sh";
            }
            else if (isCommand)
            {
                script.Append(line).Append('\n');
            }
        }

        return script.ToString();
    }
}
