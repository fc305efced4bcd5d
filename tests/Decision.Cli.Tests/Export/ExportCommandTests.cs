using System.Text.Json.Nodes;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Export;

/// <summary><c>decisionctl export</c> against a server.</summary>
public sealed class ExportCommandTests(LiveServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decisionctl-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Export_lines_have_every_record_without_secrets_and_hashes()
    {
        string key = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Out.Trim();
        string file = Path.Combine(_folder, "all.jsonl");

        (await Tool.RunAsync(server, "export", file)).Expect(ExitCode.Done);

        var lines = (await File.ReadAllLinesAsync(file)).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Contains(lines, line => line["policy"]?["id"]?.GetValue<string>() == "tour");
        Assert.Contains(lines, line => line["api"]?["api_id"]?.GetValue<string>() == "orders");
        Assert.Contains(lines, line => line["key"]?["key_id"]?.GetValue<string>() == key[3..19]);
        Assert.Equal(lines.Count(line => line.ContainsKey("key")), lines[^1]["counts"]!["key"]!.GetValue<int>());
        string text = await File.ReadAllTextAsync(file);
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        Assert.DoesNotContain("key_hashes", text, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Export_tyk_is_a_policy_file_that_is_valid()
    {
        string file = Path.Combine(_folder, "policies.json");

        (await Tool.RunAsync(server, "export", file, "--format", "tyk")).Expect(ExitCode.Done);

        (await Tool.RunAsync(server, "policy", "validate", file)).Expect(ExitCode.Done);
        var tour = JsonNode.Parse(await File.ReadAllTextAsync(file))!["tour"]!;
        Assert.Equal((3, 5), (tour["rate"]!.GetValue<int>(), tour["quota_max"]!.GetValue<int>()));
        Assert.Null(tour["source"]);
    }

    [Fact]
    public async Task Export_one_kind_of_one_organization_to_standard_output_has_nothing_else()
    {
        var run = (await Tool.RunAsync(server, "export", "--only", "policy", "--org", "demo")).Expect(ExitCode.Done);

        var lines = run.Lines.Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(lines[..^1], line => Assert.Equal("demo", line["policy"]!["org_id"]!.GetValue<string>()));
        Assert.Equal(lines.Count - 1, lines[^1]["counts"]!["policy"]!.GetValue<int>());
        Assert.Contains("Exported", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_over_a_file_or_of_keys_for_tyk_is_wrong_use_and_leaves_it()
    {
        string file = Path.Combine(_folder, "kept.json");
        await File.WriteAllTextAsync(file, "kept");

        Assert.Contains("exists already", (await Tool.RunAsync(server, "export", file)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        Assert.Contains("policies alone", (await Tool.RunAsync(server, "export", "--format", "tyk", "--only", "key")).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        (await Tool.RunAsync(server, "export", Path.Combine(_folder, "none", "x.jsonl"))).Expect(ExitCode.WrongUse);
        Assert.Equal("kept", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Export_that_fails_leaves_no_file()
    {
        string file = Path.Combine(_folder, "half.jsonl");

        (await Tool.RunAsync(server, "export", file, "--address", "http://127.0.0.1:1")).Expect(ExitCode.ServiceFailed);

        Assert.Empty(Directory.GetFiles(_folder));
    }
}
