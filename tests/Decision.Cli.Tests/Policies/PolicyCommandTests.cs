using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Policies;

/// <summary><c>decisionctl policy</c> against a server.</summary>
public sealed class PolicyCommandTests(LiveServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decisionctl-policies-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Create_by_options_has_limits_and_rights()
    {
        string id = TestNames.Unique("gold");

        var run = (await Tool.RunAsync(
            server, "policy", "create", id, "--org", "demo", "--api", "orders", "--rate", "10/1s", "--quota", "1000/month", "--name", "Gold", "-o", "json")).Expect(ExitCode.Done);

        var policy = run.Json["policy"]!;
        Assert.Equal((10, 1, 1000, "month"), (policy["rate"]!.GetValue<int>(), policy["per"]!.GetValue<int>(), policy["quota_max"]!.GetValue<int>(), policy["quota_period"]!.GetValue<string>()));
        Assert.NotNull(policy["access_rights"]!["orders"]);
        Assert.Contains(id, (await Tool.RunAsync(server, "policy", "list", "--org", "demo", "--quiet")).Lines);
        (await Tool.RunAsync(server, "policy", "create", id, "--rate", "1/1s")).Expect(ExitCode.Refused);
    }

    [Fact]
    public async Task Create_with_nothing_is_wrong_use() =>
        Assert.Contains("--api", (await Tool.RunAsync(server, "policy", "create", TestNames.Unique("x"))).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Update_with_the_file_that_get_wrote_changes_what_was_edited()
    {
        string id = await CreateAsync("--rate", "10/1s", "--quota", "1000/month", "--tag", "t");
        var policy = (await Tool.RunAsync(server, "policy", "get", id, "-o", "json")).Expect(ExitCode.Done).Json.AsObject();
        policy.Remove("tags");
        policy["rate"] = 20;
        string file = Write("policy.json", policy.ToJsonString());

        (await Tool.RunAsync(server, "policy", "update", id, "-f", file)).Expect(ExitCode.Done);

        var now = (await Tool.RunAsync(server, "policy", "get", id, "-o", "json")).Json;
        Assert.Equal(20, now["rate"]!.GetValue<int>());
        Assert.Equal(1000, now["quota_max"]!.GetValue<int>());
        Assert.Null(now["tags"]);
        Assert.Contains("read it again", (await Tool.RunAsync(server, "policy", "update", id, "-f", file)).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_file_of_another_policy_is_wrong_use()
    {
        string file = Write("policy.json", """{"id": "another", "rate": 1, "per": 1}""");

        Assert.Contains("another", (await Tool.RunAsync(server, "policy", "update", "gold", "-f", file)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disable_and_enable_switch_what_is_loaded()
    {
        string id = await CreateAsync("--rate", "10/1s");

        Assert.Contains("disabled now", (await Tool.RunAsync(server, "policy", "disable", id)).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.False((await Tool.RunAsync(server, "policy", "get", id, "-o", "json")).Json["active"]!.GetValue<bool>());
        Assert.Contains("already", (await Tool.RunAsync(server, "policy", "disable", id)).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("enabled now", (await Tool.RunAsync(server, "policy", "enable", id)).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_is_refused_while_a_key_uses_it_unless_forced_and_rollback_brings_it_back()
    {
        string id = await CreateAsync("--rate", "10/1s");
        (await Tool.RunAsync(server, "key", "create", "--policy", id, "--org", "demo")).Expect(ExitCode.Done);

        Assert.Contains("--yes", (await Tool.RunAsync(server, "policy", "delete", id)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        (await Tool.RunAsync(server, "policy", "delete", id, "--yes")).Expect(ExitCode.Refused);
        var deleted = (await Tool.RunAsync(server, "policy", "delete", id, "--yes", "--force", "-o", "json")).Expect(ExitCode.Done);
        Assert.Equal(1, deleted.Json["keys_affected"]!.GetValue<int>());

        (await Tool.RunAsync(server, "policy", "rollback", id, "1")).Expect(ExitCode.Done);
        var revisions = (await Tool.RunAsync(server, "policy", "revisions", id, "-o", "json")).Expect(ExitCode.Done).Json["revisions"]!.AsArray();
        Assert.Equal(["rollback", "delete", "create"], revisions.Select(one => one!["change"]!.GetValue<string>()));
        Assert.Contains("10 / 1s", (await Tool.RunAsync(server, "policy", "revisions", id)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_by_the_month_is_shown_as_the_month_wherever_it_is_shown()
    {
        string id = await CreateAsync("--rate", "10/1s", "--quota", "7/month");
        string key = (await Tool.RunAsync(server, "key", "create", "--policy", id, "--org", "demo", "--quiet")).Expect(ExitCode.Done).Out.Trim();
        string[] ask = ["--key", key, "--api", "orders", "--path", "/orders/1"];

        Assert.Contains("quota 7 / month", (await Tool.RunAsync(server, ["authorize", .. ask])).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("quota 7 / month", (await Tool.RunAsync(server, ["explain", .. ask])).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("quota 7 / month", (await Tool.RunAsync(server, "key", "usage", key.Split('_')[1])).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_quiet_prints_the_id_as_create_does()
    {
        string id = TestNames.Unique("policy");
        Assert.Equal([id], (await Tool.RunAsync(server, "policy", "create", id, "--org", "demo", "--api", "orders", "--rate", "1/1s", "--quiet")).Expect(ExitCode.Done).Lines);
        Assert.Equal([id], (await Tool.RunAsync(server, "policy", "update", id, "--rate", "2/1s", "--quiet")).Expect(ExitCode.Done).Lines);
        Assert.Equal([id], (await Tool.RunAsync(server, "policy", "rollback", id, "1", "--quiet")).Expect(ExitCode.Done).Lines);
    }

    [Fact]
    public async Task Update_of_a_policy_of_a_file_is_refused_with_the_files_name() =>
        Assert.Contains("policies.json", (await Tool.RunAsync(server, "policy", "update", "tour", "--rate", "1/1s")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Validate_folder_tells_findings_by_file(bool isOffline)
    {
        Write("a-good.json", """{"good": {"rate": 1, "per": 1, "quota_max": 5, "quota_renewal_rate": 60, "access_rights": {"a": {"api_id": "a"}}}}""");
        Write("b-bad.json", """{"bad": {"rate": -7, "per": 1, "quota_maxx": 5}}""");
        string[] offline = isOffline ? ["--offline"] : [];

        var run = (await Tool.RunAsync(server, ["policy", "validate", _folder, .. offline])).Expect(ExitCode.Refused);
        Assert.Contains(run.Lines, line => line.EndsWith("a-good.json: valid", StringComparison.Ordinal));
        Assert.Contains("rate", run.Out, StringComparison.Ordinal);

        var json = (await Tool.RunAsync(server, ["policy", "validate", _folder, "-o", "json", .. offline])).Expect(ExitCode.Refused).Json;
        Assert.Equal([true, false], json["files"]!.AsArray().Select(file => file!["valid"]!.GetValue<bool>()));
        Assert.Contains(json["files"]![1]!["findings"]!.AsArray(), finding => finding!["field"]!.GetValue<string>() == "rate");
        (await Tool.RunAsync(server, ["policy", "validate", Path.Combine(_folder, "a-good.json"), .. offline])).Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Validate_takes_the_files_that_apply_takes(bool isOffline)
    {
        string[] offline = isOffline ? ["--offline"] : [];
        Directory.CreateDirectory(Path.Combine(_folder, "below"));
        Write("below/gold.yaml", "rate: -7\nper: 1\nquota_max: 5\nquota_renewal_rate: 60\n");
        Write("listed.json", """[{"id": "silver", "rate": 1, "per": 1, "quota_max": -1}, {"rate": 1, "per": 1, "quota_max": -1}]""");
        Write("broken.yml", "a: [1\n");
        Write("again.json", """{"silver": {"rate": 1, "per": 1, "quota_max": -1}}""");
        Write(".hidden.json", "no JSON");
        Write("orders.test.yaml", "cases: []");

        var run = (await Tool.RunAsync(server, ["policy", "validate", _folder, "-o", "json", .. offline])).Expect(ExitCode.Refused);

        var files = run.Json["files"]!.AsArray().ToDictionary(
            file => Path.GetFileName(file!["file"]!.GetValue<string>()),
            file => file!["findings"]!.AsArray().Where(finding => finding!["severity"]!.GetValue<string>() == "SEVERITY_ERROR").Select(finding => finding!.ToJsonString()).ToList());
        Assert.Equal(["again.json", "broken.yml", "gold.yaml", "listed.json"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(files["again.json"]);
        Assert.Contains("broken.yml:", Assert.Single(files["broken.yml"]), StringComparison.Ordinal);
        Assert.Contains("\"gold\"", Assert.Single(files["gold.yaml"]), StringComparison.Ordinal);
        Assert.Contains(files["listed.json"], finding => finding.Contains("again.json as well", StringComparison.Ordinal));
        Assert.Contains(files["listed.json"], finding => finding.Contains("is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validate_what_is_not_there_is_wrong_use()
    {
        (await Tool.RunAsync(server, "policy", "validate", Path.Combine(_folder, "none.json"))).Expect(ExitCode.WrongUse);
        Assert.Contains("has no file that ends with .json, .yaml or .yml", (await Tool.RunAsync(server, "policy", "validate", _folder)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_tells_how_many_are_loaded() =>
        Assert.Contains("policies are loaded", (await Tool.RunAsync(server, "policy", "reload")).Expect(ExitCode.Done).Out, StringComparison.Ordinal);

    private async Task<string> CreateAsync(params string[] options)
    {
        string id = TestNames.Unique("policy");
        (await Tool.RunAsync(server, ["policy", "create", id, "--org", "demo", "--api", "orders", .. options])).Expect(ExitCode.Done);
        return id;
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
