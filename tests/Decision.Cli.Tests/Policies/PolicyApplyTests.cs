using System.Text.Json.Nodes;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Policies;

/// <summary><c>policy apply</c> and <c>policy diff</c>.</summary>
public sealed class PolicyApplyTests(LiveServer server) : IDisposable
{
    private readonly PolicyFolder _folder = new();
    private readonly string _org = TestNames.Unique("org");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Apply_of_a_folder_of_json_and_yaml_writes_all_and_again_nothing()
    {
        _folder.Write("tyk/policies.json", $$"""{"{{_org}}-a": {{Json(rate: 1)}}, "{{_org}}-b": {{Json(rate: 2)}}}""");
        _folder.Write("list.json", $"[{Json(id: $"{_org}-c", rate: 3)}]");
        _folder.Write("more.yaml", $"id: {_org}-d\norg_id: {_org}\nrate: 4\nper: 60\nquota_max: -1\naccess_rights:\n  ledger: {{api_id: ledger}}\n---\nid: {_org}-e\norg_id: {_org}\nrate: 5\nper: 60\nquota_max: -1\naccess_rights:\n  ledger: {{}}\n");
        _folder.Write($"{_org}-f.yml", $"org_id: {_org}\nrate: 6\nper: 60\nquota_max: -1\naccess_rights:\n  ledger: {{}}\n");
        _folder.Write("README.md", "# not read");
        _folder.Write(".git/x.json", "not read");
        _folder.Write("more.test.yaml", "cases: []");

        var run = (await RunAsync("policy", "apply", "-f", _folder.Path, "--yes")).Expect(ExitCode.Done);

        Assert.Contains($"+ {_org}-a  (org {_org}, new)", run.Lines);
        Assert.Contains("    rate: 1", run.Lines);
        Assert.Contains("6 created; 0 unchanged.", run.Lines);
        Assert.Equal("Applied.", run.Lines[^1]);
        var list = await RunAsync("policy", "list", "--org", _org, "--output", "json");
        Assert.Equal([1, 2, 3, 4, 5, 6], list.Json["policies"]!.AsArray().Select(policy => policy!["rate"]!.GetValue<int>()));

        var again = (await RunAsync("policy", "apply", "-f", _folder.Path, "--yes")).Expect(ExitCode.Done);
        Assert.Equal(["Nothing differs; 6 unchanged."], again.Lines);

        // What the tool writes can be applied as it is.
        string all = _folder.Write("all.txt", list.Out);
        Assert.Equal(["Nothing differs; 6 unchanged."], (await RunAsync("policy", "apply", "-f", all)).Expect(ExitCode.Done).Lines);
    }

    [Fact]
    public async Task Apply_shows_what_changes_and_for_which_keys_and_asks()
    {
        string file = await AppliedAsync(rate: 100, apis: ["ledger", "journal"]);
        string key = (await RunAsync("key", "create", "--policy", $"{_org}-a", "--org", _org, "--output", "json")).Json["key_id"]!.GetValue<string>();
        File.WriteAllText(file, $$"""{"{{_org}}-a": {{Json(rate: 50, extra: "\"meta_data\":{\"token\":\"s3cret-value\"},")}}}""");

        var refused = (await RunAsync("policy", "apply", "-f", file)).Expect(ExitCode.WrongUse);
        Assert.Contains("--yes", refused.Error, StringComparison.Ordinal);
        Assert.Equal(100, await RateAsync());
        var declined = (await new Tool { Server = server, IsTerminal = true, Input = "n\n" }.RunAsync("policy", "apply", "-f", file)).Expect(ExitCode.Refused);
        Assert.Contains("Nothing was done.", declined.Error, StringComparison.Ordinal);
        Assert.Equal(100, await RateAsync());
        var dry = (await RunAsync("policy", "apply", "-f", file, "--dry-run")).Expect(ExitCode.Done);
        Assert.Equal(100, await RateAsync());
        var run = (await RunAsync("policy", "apply", "-f", file, "--yes")).Expect(ExitCode.Done);

        Assert.Equal(
            [
                $"~ {_org}-a  (org {_org}, 1 key)",
                "    rate: 100 -> 50",
                "    access_rights.journal: {\"api_id\":\"journal\"} -> not set",
                "    meta_data: added (its values are not shown)",
                "1 updated; 0 unchanged.",
                "1 key names these policies. What changes for them:",
                $"  1 key loses API journal  ({key})",
                $"  1 key: rate on API ledger 100/60s -> 50/60s  ({key})",
                $"  1 key: metadata token  ({key})",
            ],
            dry.Lines);
        Assert.Equal(dry.Lines.Append("Applied."), run.Lines);
        Assert.DoesNotContain("s3cret", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(50, await RateAsync());
    }

    [Fact]
    public async Task Apply_as_json_tells_plan_effect_and_that_it_was_applied()
    {
        string file = _folder.Write("a.json", $$"""{"{{_org}}-a": {{Json(rate: 1)}}}""");

        JsonNode json = (await RunAsync("policy", "apply", "-f", file, "--yes", "--output", "json")).Expect(ExitCode.Done).Json;

        Assert.True(json["applied"]!.GetValue<bool>());
        var change = Assert.Single(json["plan"]!["policies"]!.AsArray())!;
        Assert.Equal(("POLICY_CHANGE_KIND_CREATED", 1), (change["kind"]!.GetValue<string>(), change["revision"]!.GetValue<int>()));
        Assert.Equal(0, json["effect"]!["keys_using"]!.GetValue<int>());
        JsonNode again = (await RunAsync("policy", "apply", "-f", file, "--output", "json")).Expect(ExitCode.Done).Json;
        Assert.False(again["applied"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Apply_of_files_with_errors_tells_all_of_them_and_writes_nothing()
    {
        _folder.Write("a.json", $$"""{"{{_org}}-a": {{Json(rate: 1)}}, "{{_org}}-b": {"rate": 1, "quota_max": -1} }""");
        _folder.Write("b.yaml", $"id: {_org}-a\nrate: -1\nquota_max: -1\n");
        _folder.Write("c.json", $$"""{"{{_org}}-c": {"rate": "much"} }""");
        _folder.Write("d.json", """[{"rate": 1, "per": 1, "quota_max": -1}]""");
        _folder.Write("e.json", $$"""{"{{_org}}-e": {"rate": 1, "rate": 2} }""");
        _folder.Write("f.json", "3");

        var run = (await RunAsync("policy", "apply", "-f", _folder.Path, "--yes")).Expect(ExitCode.Refused);

        Assert.Contains($"a.json: policy {_org}-b: per: ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"b.yaml: policy {_org}-a: id: is in", run.Error, StringComparison.Ordinal);
        Assert.Contains($"c.json: policy {_org}-c: rate: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("d.json: [0] policy: id: is missing", run.Error, StringComparison.Ordinal);
        Assert.Contains($"e.json: policy {_org}-e: rate: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("f.json: has no policies: write an object", run.Error, StringComparison.Ordinal);
        Assert.Empty((await RunAsync("policy", "list", "--org", _org, "--quiet")).Lines);
    }

    [Theory]
    [InlineData("no-such.json", "There is no file")]
    [InlineData("empty", "has no file that ends with .json")]
    [InlineData("none.json", "There is no policy in")]
    [InlineData("broken.yaml", "broken.yaml:")]
    [InlineData("huge.yaml", "huge.yaml:2:14: .inf is no number")]
    public async Task Apply_of_what_cannot_be_read_is_wrong_use(string name, string problem)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        _folder.Write("none.json", "[]");
        _folder.Write("broken.yaml", "a: [");
        _folder.Write("huge.yaml", "a:\n  quota_max: .inf\n");

        var run = (await RunAsync("policy", "apply", "-f", Path.Combine(_folder.Path, name), "--yes")).Expect(ExitCode.WrongUse);

        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_that_prunes_stays_in_its_organisation_and_spares_what_keys_use()
    {
        string file = await AppliedAsync(rate: 1);
        string other = TestNames.Unique("other");
        File.WriteAllText(file, $$"""{"{{_org}}-new": {{Json(rate: 2)}}}""");
        (await RunAsync("policy", "apply", "-f", _folder.Write("o.json", $$"""{"{{other}}": {"org_id":"{{other}}","rate":1,"per":1,"quota_max":-1} }"""), "--yes")).Expect(ExitCode.Done);
        string key = (await RunAsync("key", "create", "--policy", $"{_org}-a", "--org", _org, "--quiet")).Expect(ExitCode.Done).Out.Trim();

        var refused = (await RunAsync("policy", "apply", "-f", file, "--org", _org, "--prune", "--yes")).Expect(ExitCode.Refused);
        Assert.Contains($"{_org}-a (1)", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"- {_org}-a  (org {_org}, 1 key)", refused.Lines);
        Assert.Contains("can no longer be used: POLICY_MISSING", refused.Out, StringComparison.Ordinal);
        Assert.Equal([$"{_org}-a"], (await RunAsync("policy", "list", "--org", _org, "--quiet")).Lines);

        (await RunAsync("policy", "apply", "-f", file, "--org", _org, "--prune", "--force", "--yes")).Expect(ExitCode.Done);
        Assert.Equal([$"{_org}-new"], (await RunAsync("policy", "list", "--org", _org, "--quiet")).Lines);
        Assert.Equal([other], (await RunAsync("policy", "list", "--org", other, "--quiet")).Lines);
        Assert.NotEmpty(key);
    }

    [Fact]
    public async Task Apply_of_what_the_servers_file_has_is_refused_with_the_files_name()
    {
        string file = _folder.Write("a.json", """{"tour": {"org_id":"demo","rate":1,"per":1,"quota_max":-1}}""");

        var run = (await RunAsync("policy", "apply", "-f", file, "--yes")).Expect(ExitCode.Refused);

        Assert.Contains("The policy tour comes from the file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_of_a_policy_for_another_organisations_api_warns()
    {
        string file = _folder.Write("a.json", $$"""{"{{_org}}-a": {"org_id": "{{_org}}", "rate": 1, "per": 1, "quota_max": -1, "access_rights": {"orders": {} } } }""");

        var run = (await RunAsync("policy", "diff", "-f", file)).Expect(ExitCode.Refused);

        Assert.Contains("names an API of organisation \"demo\"", run.Error + run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_ends_with_0_where_nothing_differs_1_where_something_does_and_2_where_it_cannot_be_said()
    {
        string file = await AppliedAsync(rate: 1);
        (await RunAsync("policy", "diff", "-f", file)).Expect(ExitCode.Done);
        File.WriteAllText(file, $$"""{"{{_org}}-a": {{Json(rate: 2)}}}""");

        var differs = (await RunAsync("policy", "diff", "-f", file)).Expect(ExitCode.Refused);
        Assert.Contains("    rate: 1 -> 2", differs.Lines);
        Assert.Empty(differs.Error);
        Assert.Equal([$"{_org}-a"], (await RunAsync("policy", "diff", "-f", file, "--quiet")).Expect(ExitCode.Refused).Lines);
        Assert.Equal("2", (await RunAsync("policy", "diff", "-f", file, "--output", "json")).Json["plan"]!["policies"]![0]!["fields"]![0]!["after"]!.GetValue<string>());
        Assert.Equal(1, await RateAsync());

        File.WriteAllText(file, $$"""{"{{_org}}-a": {"rate": "much"} }""");
        Assert.Contains("rate", (await RunAsync("policy", "diff", "-f", file)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        (await new Tool().RunAsync("policy", "diff", "-f", _folder.Write("ok.json", $$"""{"x": {{Json(rate: 1)}}}"""), "--address", "http://127.0.0.1:1"))
            .Expect(ExitCode.ServiceFailed);
        (await new Tool().RunAsync("policy", "diff", "-f", _folder.Write("ok.json", $$"""{"x": {{Json(rate: 1)}}}"""), "--address", server.Address))
            .Expect(ExitCode.WrongUse);
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync(server, arguments);

    private async Task<string> AppliedAsync(int rate, string[]? apis = null)
    {
        string file = _folder.Write("a.json", $$"""{"{{_org}}-a": {{Json(rate: rate, apis: apis)}}}""");
        (await RunAsync("policy", "apply", "-f", file, "--yes")).Expect(ExitCode.Done);
        return file;
    }

    private async Task<int> RateAsync() => (await RunAsync("policy", "get", $"{_org}-a", "--output", "json")).Json["rate"]!.GetValue<int>();

    private string Json(int rate, string id = "", string[]? apis = null, string extra = "")
    {
        string rights = string.Join(", ", (apis ?? ["ledger"]).Select(api => $"\"{api}\": {{\"api_id\": \"{api}\"}}"));
        string named = id.Length > 0 ? $"\"id\": \"{id}\", " : "";
        return $"{{{named}{extra} \"org_id\": \"{_org}\", \"rate\": {rate}, \"per\": 60, \"quota_max\": -1, \"access_rights\": {{{rights}}}}}";
    }
}
