using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Keys;

/// <summary><c>decisionctl key</c> against a server.</summary>
public sealed class KeyCommandTests(LiveServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decisionctl-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Create_json_has_key_and_id_and_what_was_set()
    {
        var run = (await Tool.RunAsync(
            server,
            "key", "create", "--policy", "read-orders", "--policy", "steady-rate", "--org", "demo", "--alias", "a", "--tag", "t1", "--tag", "t2",
            "--expires-in", "30d", "--meta", "plan=gold", "--rate", "7/1m", "--quota", "100/month", "--allow-ip", "10.0.0.0/8", "-o", "json")).Expect(ExitCode.Done);

        var key = run.Json["key"]!;
        Assert.StartsWith("dk_" + run.Json["key_id"]!.GetValue<string>(), run.Json["api_key"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["read-orders", "steady-rate"], key["apply_policies"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal(["t1", "t2"], key["tags"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal("gold", key["meta_data"]!["plan"]!.GetValue<string>());
        Assert.Equal((7, 60, 100), (key["rate"]!.GetValue<int>(), key["per"]!.GetValue<int>(), key["quota_max"]!.GetValue<int>()));
        Assert.Equal("10.0.0.0/8", key["allowed_ips"]![0]!.GetValue<string>());
        Assert.InRange(key["expires"]!.GetValue<long>() - DateTimeOffset.Parse(key["date_created"]!.GetValue<string>()).ToUnixTimeSeconds(), 2592000 - 60, 2592000 + 60);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Create_quiet_prints_the_key_alone_and_it_is_admitted()
    {
        string key = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Expect(ExitCode.Done).Out.Trim();

        var run = (await Tool.RunAsync(server, "authorize", "--key", key, "--api", "orders", "--path", "/orders/1", "--quiet")).Expect(ExitCode.Done);
        Assert.Equal("ALLOWED", run.Out.Trim());
    }

    [Fact]
    public async Task Create_for_people_says_that_the_key_is_shown_once_on_the_error_stream()
    {
        var run = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo")).Expect(ExitCode.Done);

        Assert.Contains("api key", run.Out, StringComparison.Ordinal);
        Assert.Contains("one time", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_with_key_from_standard_input_takes_that()
    {
        string secret = TestNames.Unique("a-custom-secret-key");
        var tool = new Tool { Server = server, Input = secret + "\n" };

        var run = (await tool.RunAsync("key", "create", "--policy", "tour", "--org", "demo", "--key-file", "-", "--quiet")).Expect(ExitCode.Done);
        Assert.Equal(secret, run.Out.Trim());

        (await tool.RunAsync("key", "create", "--policy", "tour", "--org", "demo", "--key-file", "-")).Expect(ExitCode.Refused);
    }

    [Fact]
    public async Task Create_with_empty_key_file_is_wrong_use() =>
        Assert.Contains("--key-file", (await new Tool { Server = server }.RunAsync("key", "create", "--key-file", "-")).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Create_from_file_takes_it_with_options_over_it()
    {
        string file = Write("key.json", """{"org_id": "demo", "alias": "from file", "apply_policies": ["tour"], "x_team": "billing"}""");

        var key = (await Tool.RunAsync(server, "key", "create", "-f", file, "--alias", "from option", "-o", "json")).Expect(ExitCode.Done).Json["key"]!;

        Assert.Equal("from option", key["alias"]!.GetValue<string>());
        Assert.Equal("tour", key["apply_policies"]![0]!.GetValue<string>());
        Assert.Equal("billing", key["extra_fields"]!["x_team"]!.GetValue<string>());
    }

    [Fact]
    public async Task Create_from_file_with_errors_tells_all_of_them()
    {
        string file = Write("key.json", """{"rate": "fast", "quota_max": -5}""");

        var run = (await Tool.RunAsync(server, "key", "create", "-f", file)).Expect(ExitCode.Refused);

        Assert.Contains("rate", run.Error, StringComparison.Ordinal);
        Assert.Contains("quota_max", run.Error, StringComparison.Ordinal);
        Assert.Contains("key.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_filters_and_limit_give_what_matches()
    {
        string tag = TestNames.Unique("tag");
        for (int i = 0; i < 3; i++)
        {
            await CreateAsync("--tag", tag, "--alias", $"{tag}-{i}");
        }

        Assert.Equal(3, (await Tool.RunAsync(server, "key", "list", "--tag", tag, "--quiet")).Expect(ExitCode.Done).Lines.Count);
        var two = (await Tool.RunAsync(server, "key", "list", "--tag", tag, "--limit", "2", "-o", "json")).Expect(ExitCode.Done);
        Assert.Equal((2, 3), (two.Json["keys"]!.AsArray().Count, two.Json["total_size"]!.GetValue<int>()));
        Assert.Contains($"{tag}-1", (await Tool.RunAsync(server, "key", "list", "--alias", $"{tag}-1")).Out, StringComparison.Ordinal);
        Assert.Contains("no such keys", (await Tool.RunAsync(server, "key", "list", "--tag", tag, "--org", "acme")).Expect(ExitCode.Done).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_limit_below_one_is_wrong_use() =>
        Assert.Contains("--limit", (await Tool.RunAsync(server, "key", "list", "--limit", "0")).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Get_effective_has_the_rights_of_the_policies()
    {
        string id = await CreateAsync();

        Assert.Null((await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Expect(ExitCode.Done).Json["access_rights"]);
        var effective = (await Tool.RunAsync(server, "key", "get", id, "--effective", "-o", "json")).Expect(ExitCode.Done);
        Assert.NotNull(effective.Json["access_rights"]!["orders"]);
    }

    [Fact]
    public async Task Get_the_key_itself_is_refused_with_its_id()
    {
        string key = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Out.Trim();

        var run = (await Tool.RunAsync(server, "key", "get", key)).Expect(ExitCode.WrongUse);

        Assert.Contains(key[3..19], run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_changes_what_is_named_and_nothing_else()
    {
        string id = await CreateAsync("--tag", "one", "--alias", "kept");

        (await Tool.RunAsync(server, "key", "update", id, "--add-tag", "two", "--remove-tag", "one", "--inactive")).Expect(ExitCode.Done);

        var key = (await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Json;
        Assert.Equal("two", Assert.Single(key["tags"]!.AsArray())!.GetValue<string>());
        Assert.True(key["is_inactive"]!.GetValue<bool>());
        Assert.Equal("kept", key["alias"]!.GetValue<string>());
        Assert.Equal([id], (await Tool.RunAsync(server, "key", "update", id, "--active", "--tag", "", "--quiet")).Expect(ExitCode.Done).Lines);
        Assert.Null((await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Json["is_inactive"]);
        Assert.Null((await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Json["tags"]);
    }

    [Fact]
    public async Task Update_from_file_empties_what_it_leaves_out()
    {
        string id = await CreateAsync("--tag", "one", "--alias", "gone");
        var key = (await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Json.AsObject();
        key.Remove("alias");

        (await Tool.RunAsync(server, "key", "update", id, "-f", Write("key.json", key.ToJsonString()))).Expect(ExitCode.Done);

        var now = (await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Json;
        Assert.Null(now["alias"]);
        Assert.Equal("one", now["tags"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Update_from_a_file_that_was_overtaken_is_refused()
    {
        string id = await CreateAsync();
        string file = Write("key.json", (await Tool.RunAsync(server, "key", "get", id, "-o", "json")).Out);
        (await Tool.RunAsync(server, "key", "update", id, "--alias", "meanwhile")).Expect(ExitCode.Done);

        var run = (await Tool.RunAsync(server, "key", "update", id, "-f", file)).Expect(ExitCode.Refused);

        Assert.Contains("read it again", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is nothing to change")]
    [InlineData("not both", "--active", "--inactive")]
    [InlineData("not both", "--expires", "never", "--expires-in", "1d")]
    [InlineData("NAME=VALUE", "--meta", "plan")]
    public async Task Update_wrongly_used_says_what_to_do(string expected, params string[] options)
    {
        string id = await CreateAsync();

        Assert.Contains(expected, (await Tool.RunAsync(server, ["key", "update", id, .. options])).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_where_nobody_can_answer_needs_yes()
    {
        string id = await CreateAsync();

        Assert.Contains("--yes", (await Tool.RunAsync(server, "key", "delete", id)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        (await Tool.RunAsync(server, "key", "delete", id, "--yes")).Expect(ExitCode.Done);
        (await Tool.RunAsync(server, "key", "get", id)).Expect(ExitCode.Refused);
    }

    [Theory]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    [InlineData("y\n", true)]
    public async Task Delete_asks_a_person_and_does_as_told(string answer, bool isDeleted)
    {
        var expected = isDeleted ? ExitCode.Done : ExitCode.Refused;
        string id = await CreateAsync("--alias", "somebody");

        var run = (await new Tool { Server = server, Input = answer, IsTerminal = true }.RunAsync("key", "delete", id)).Expect(expected);

        Assert.Contains($"{id} (somebody)", run.Error, StringComparison.Ordinal);
        (await Tool.RunAsync(server, "key", "get", id)).Expect(isDeleted ? ExitCode.Refused : ExitCode.Done);
    }

    [Fact]
    public async Task Rotate_with_overlap_gives_a_new_key_and_keeps_the_old_for_a_while()
    {
        string old = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Out.Trim();

        string renewed = (await Tool.RunAsync(server, "key", "rotate", old[3..19], "--overlap", "1h", "--quiet")).Expect(ExitCode.Done).Out.Trim();

        Assert.NotEqual(old, renewed);
        foreach (string key in (string[])[old, renewed])
        {
            (await Tool.RunAsync(server, "authorize", "--key", key, "--api", "orders", "--path", "/orders/1", "--peek")).Expect(ExitCode.Done);
        }
    }

    [Fact]
    public async Task Usage_adjust_and_reset_follow_what_was_spent()
    {
        string key = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Out.Trim();
        string id = key[3..19];
        (await Tool.RunAsync(server, "authorize", "--key", key, "--api", "orders", "--path", "/orders/1", "--cost", "2")).Expect(ExitCode.Done);

        var usage = (await Tool.RunAsync(server, "key", "usage", id)).Expect(ExitCode.Done);
        Assert.Contains(usage.Lines, line => line.StartsWith("quota 5 / 1h  policy:tour  ██████", StringComparison.Ordinal) && line.Contains('░'));
        Assert.Contains("quota policy:tour 3", (await Tool.RunAsync(server, "key", "usage", id, "--quiet")).Lines);

        Assert.Equal("1", (await Tool.RunAsync(server, "key", "adjust", id, "+2", "--quiet")).Expect(ExitCode.Done).Out.Trim());
        Assert.Equal("4", (await Tool.RunAsync(server, "key", "adjust", id, "-3", "--quiet")).Expect(ExitCode.Done).Out.Trim());
        var reset = (await Tool.RunAsync(server, "key", "reset", id, "--name", "quota", "-o", "json")).Expect(ExitCode.Done);
        Assert.Equal(1, Assert.Single(reset.Json["cleared"]!.AsArray())!["used"]!.GetValue<int>());
        Assert.Contains("Nothing was used", (await Tool.RunAsync(server, "key", "reset", id, "--name", "quota")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("+0")]
    [InlineData("+x")]
    public async Task Adjust_without_sign_or_number_is_wrong_use(string delta) =>
        Assert.Contains("+5", (await Tool.RunAsync(server, "key", "adjust", "AAAAAAAAAAAAAAAA", delta)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    private async Task<string> CreateAsync(params string[] options) =>
        (await Tool.RunAsync(server, ["key", "create", "--policy", "tour", "--org", "demo", .. options, "-o", "json"])).Expect(ExitCode.Done).Json["key_id"]!.GetValue<string>();

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
