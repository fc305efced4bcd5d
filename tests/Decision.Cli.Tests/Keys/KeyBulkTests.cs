using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Keys.Bulk;
using Decision.Cli.Tests.Support;
using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Cli.Tests.Keys;

/// <summary><c>key bulk ...</c>: the same change for many keys.</summary>
public sealed class KeyBulkTests(LiveServer server) : IDisposable
{
    private readonly string _org = TestNames.Unique("org");
    private readonly string _list = Path.GetTempFileName();

    private string Gold => _org + "-gold";

    private string Silver => _org + "-silver";

    public void Dispose() => File.Delete(_list);

    [Fact]
    public async Task Move_by_filter_changes_the_one_policy_and_again_nothing()
    {
        await MakePoliciesAsync(_org);
        var keys = await MakeKeysAsync(3, "--policy", Gold);
        var other = (await MakeKeysAsync(1, "--policy", Silver))[0];

        var dry = (await RunAsync("key", "bulk", "move", "--from", Gold, "--to", Silver, "--dry-run")).Expect(ExitCode.Done);
        Assert.Equal(keys.Select(key => key.Id).Order(StringComparer.Ordinal), dry.Lines.SkipLast(1));
        Assert.Equal("3 would be changed, 0 needed nothing.", dry.Lines[^1]);
        Assert.Equal(3, (await IdsAsync("--policy", Gold)).Count);
        Assert.Contains("--yes", (await RunAsync("key", "bulk", "move", "--from", Gold, "--to", Silver)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        Assert.Equal(3, (await IdsAsync("--policy", Gold)).Count);

        var run = (await RunAsync("key", "bulk", "move", "--from", Gold, "--to", Silver, "--yes")).Expect(ExitCode.Done);
        Assert.Equal(["3 changed, 0 needed nothing."], run.Lines);
        Assert.Empty(await IdsAsync("--policy", Gold));
        Assert.Equal(keys.Append(other).Select(key => key.Id).Order(StringComparer.Ordinal), await IdsAsync("--policy", Silver));
        Assert.Equal(["0 changed, 0 needed nothing."], (await RunAsync("key", "bulk", "move", "--from", Gold, "--to", Silver, "--yes")).Expect(ExitCode.Done).Lines);
    }

    [Fact]
    public async Task Move_goes_on_after_a_key_that_is_refused_and_tells_it()
    {
        await MakePoliciesAsync(_org);
        string foreign = TestNames.Unique("foreign");
        await MakePoliciesAsync(foreign);
        var mine = await MakeKeysAsync(2, "--policy", Gold);

        // A key that has a policy of another organisation is refused, whatever else it has.
        var run = (await RunAsync("key", "bulk", "move", "--from", Gold, "--to", foreign + "-gold", "--yes", "--output", "json")).Expect(ExitCode.Refused);

        Assert.Empty(run.Json["changed"]!.AsArray());
        Assert.Equal(mine.Select(key => key.Id).Order(StringComparer.Ordinal), run.Json["problems"]!.AsArray().Select(one => one!["key"]!.GetValue<string>()));
        Assert.All(run.Json["problems"]!.AsArray(), one => Assert.Contains("apply_policies", one!["message"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Contains(
            "There is no policy",
            (await RunAsync("key", "bulk", "move", "--from", Gold, "--to", "no-such", "--yes")).Expect(ExitCode.Refused).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disable_of_a_leaked_list_takes_ids_and_texts_and_prints_no_text()
    {
        await MakePoliciesAsync(_org);
        var keys = await MakeKeysAsync(3, "--policy", Gold);
        var rotated = (await MakeKeysAsync(1, "--policy", Gold))[0];
        (await RunAsync("key", "rotate", rotated.Id)).Expect(ExitCode.Done);
        string custom = "a-text-that-a-person-chose-" + _org;
        var chosen = (await new Tool { Server = server, Input = custom }.RunAsync(
            "key", "create", "--policy", Gold, "--org", _org, "--key-file", "-", "--output", "json")).Expect(ExitCode.Done).Json["key_id"]!.GetValue<string>();
        string unknown = "nobodys-secret-text-" + _org;
        File.WriteAllText(_list, $"# leaked\n{keys[0].Id}\n\n{keys[1].Text}\r\n  {custom}\n{unknown}\n{rotated.Text}\n{keys[1].Id}\n0000000000000000\n");

        var dry = (await RunAsync("key", "bulk", "disable", "-f", _list, "--dry-run")).Expect(ExitCode.Refused);
        var run = (await RunAsync("key", "bulk", "disable", "-f", _list, "--yes")).Expect(ExitCode.Refused);
        var again = (await RunAsync("key", "bulk", "disable", "-f", _list, "--yes", "--output", "json")).Expect(ExitCode.Refused);

        string[] named = [keys[0].Id, keys[1].Id, chosen];
        Assert.Equal(named.Order(StringComparer.Ordinal), dry.Lines.SkipLast(1));
        Assert.Equal(["3 changed, 0 needed nothing, 3 not found."], run.Lines);
        Assert.Equal(
            ["line 6: no key has this id or text now.", "line 7: no key has this id or text now.", "line 9: no key has this id or text now."],
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, 3), (again.Json["changed"]!.AsArray().Count, again.Json["unchanged"]!.GetValue<int>()));
        bool[] inactive = await Task.WhenAll(keys.Append(rotated).Select(key => IsInactiveAsync(key.Id)));
        Assert.Equal([true, true, false, false], inactive);
        string told = dry.Out + dry.Error + run.Out + run.Error + again.Out + again.Error + server.Output;
        Assert.All([keys[1].Text, custom, unknown, rotated.Text], secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));

        File.WriteAllText(_list, string.Join('\n', named));
        Assert.Equal(["3 changed, 0 needed nothing."], (await RunAsync("key", "bulk", "enable", "-f", _list, "--yes")).Expect(ExitCode.Done).Lines);
        Assert.False(await IsInactiveAsync(keys[0].Id));
    }

    [Fact]
    public async Task Delete_removes_what_fits_every_filter_and_of_a_list_what_fits_too()
    {
        await MakePoliciesAsync(_org);
        var tagged = await MakeKeysAsync(2, "--policy", Gold, "--tag", "old");
        var kept = (await MakeKeysAsync(1, "--policy", Gold))[0];
        File.WriteAllText(_list, $"{tagged[0].Id}\n{kept.Id}\n");

        Assert.Equal(["1 changed, 0 needed nothing."], (await RunAsync("key", "bulk", "delete", "-f", _list, "--tag", "old", "--yes")).Expect(ExitCode.Done).Lines);
        var run = (await RunAsync("key", "bulk", "delete", "--org", _org, "--tag", "old", "--yes", "--quiet")).Expect(ExitCode.Done);

        Assert.Equal([tagged[1].Id], run.Lines);
        Assert.Equal([kept.Id], await IdsAsync("--org", _org));
    }

    [Fact]
    public async Task Tag_adds_and_removes()
    {
        await MakePoliciesAsync(_org);
        await MakeKeysAsync(2, "--policy", Gold, "--tag", "old", "--tag", "kept");

        (await RunAsync("key", "bulk", "tag", "--add", "new", "--remove", "old", "--policy", Gold, "--yes")).Expect(ExitCode.Done);

        var keys = (await RunAsync("key", "list", "--org", _org, "--output", "json")).Json["keys"]!.AsArray();
        Assert.All(keys, key => Assert.Equal(["kept", "new"], key!["tags"]!.AsArray().Select(tag => tag!.GetValue<string>())));
        Assert.Equal(
            ["0 changed, 2 needed nothing."],
            (await RunAsync("key", "bulk", "tag", "--add", "new", "--remove", "old", "--policy", Gold, "--yes")).Expect(ExitCode.Done).Lines);
    }

    [Theory]
    [InlineData("Say which keys", "key", "bulk", "disable", "--yes")]
    [InlineData("Say which tags", "key", "bulk", "tag", "--org", "x", "--yes")]
    [InlineData("both added and removed", "key", "bulk", "tag", "--add", "a", "--remove", "a", "--org", "x", "--yes")]
    [InlineData("the same policy", "key", "bulk", "move", "--from", "a", "--to", "a", "--yes")]
    [InlineData("There is no key in", "key", "bulk", "disable", "-f", "-", "--yes")]
    [InlineData("--parallel must be 1 to 64", "key", "bulk", "disable", "--org", "x", "--parallel", "65")]
    [InlineData("There is no file", "key", "bulk", "disable", "-f", "no-such-file", "--yes")]
    public async Task Run_that_says_too_little_or_too_much_is_wrong_use(string problem, params string[] arguments) =>
        Assert.Contains(problem, (await RunAsync(arguments)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    [Fact]
    public async Task DoAsync_where_the_service_fails_for_many_in_a_row_gives_up_and_tells_what_was_not_tried()
    {
        await MakePoliciesAsync(_org);
        await MakeKeysAsync(14, "--policy", Gold);
        int calls = 0;

        var (code, json) = await DoAsync((_, _) =>
        {
            Interlocked.Increment(ref calls);
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "gone"));
        });

        Assert.Equal((ExitCode.ServiceFailed, 10), (code, calls));
        Assert.Equal(
            [("failed", 10), ("not_tried", 4)],
            json["problems"]!.AsArray().GroupBy(one => one!["problem"]!.GetValue<string>()).Select(group => (group.Key, group.Count())).Order());
    }

    [Fact]
    public async Task DoAsync_of_a_key_that_somebody_else_changes_meanwhile_keeps_both_changes()
    {
        await MakePoliciesAsync(_org);
        var key = (await MakeKeysAsync(1, "--policy", Gold))[0];
        int calls = 0;

        var (code, json) = await DoAsync(async (session, found) =>
        {
            if (calls++ == 0)
            {
                await session.Keys.UpdateKeyAsync(new UpdateKeyRequest { Key = new Key { KeyId = key.Id, Alias = "theirs" } });
            }

            await session.Keys.UpdateKeyAsync(new UpdateKeyRequest
            {
                Key = new Key { KeyId = key.Id, Tags = { "ours" }, Etag = found.Etag }, UpdateMask = new() { Paths = { "tags" } },
            });
            return true;
        });

        Assert.Equal((ExitCode.Done, 2), (code, calls));
        Assert.Equal([key.Id], json["changed"]!.AsArray().Select(one => one!.GetValue<string>()));
        JsonNode stored = (await RunAsync("key", "get", key.Id, "--output", "json")).Json;
        Assert.Contains("theirs", stored.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("ours", stored.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DoAsync_of_a_key_that_no_longer_is_one_of_those_or_no_longer_there_leaves_it()
    {
        await MakePoliciesAsync(_org);
        var keys = await MakeKeysAsync(2, "--policy", Gold);

        var (code, json) = await DoAsync(async (session, found) =>
        {
            if (found.KeyId == keys[0].Id)
            {
                await session.Keys.UpdateKeyAsync(new UpdateKeyRequest
                {
                    Key = new Key { KeyId = found.KeyId, ApplyPolicies = { Silver } }, UpdateMask = new() { Paths = { "apply_policies" } },
                });
            }
            else
            {
                await session.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = found.KeyId });
            }

            await session.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = found.KeyId, Etag = found.Etag });
            return true;
        });

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal((0, 1), (json["changed"]!.AsArray().Count, json["unchanged"]!.GetValue<int>()));
        Assert.Equal((keys[1].Id, "not_found"), (json["problems"]![0]!["key"]!.GetValue<string>(), json["problems"]![0]!["problem"]!.GetValue<string>()));
        Assert.Equal([keys[0].Id], await IdsAsync("--org", _org));
    }

    // Runs a change of the test's own over the keys with the policy gold, one after the other.
    private async Task<(ExitCode Code, JsonNode Json)> DoAsync(Func<Session, Key, Task<bool>> change)
    {
        using var output = new StringWriter();
        var shell = new Shell
        {
            Out = output,
            Error = TextWriter.Null,
            In = TextReader.Null,
            Environment = name => name switch { "DECISION_ADDRESS" => server.Address, "DECISION_ADMIN_SECRET" => LiveServer.Secret, _ => null },
        };
        var parsed = CommandTree.Create(shell).Parse(["status", "--output", "json"], CommandTree.Parsing);
        await using var session = Session.Open(parsed, shell, TestContext.Current.CancellationToken);
        var selection = new BulkSelection(null, null, Gold, null, null, IsDryRun: false, IsAgreed: true, AtOnce: 1);
        var code = await new BulkRun(session, selection).DoAsync("change", _ => true, key => change(session, key));
        return (code, JsonNode.Parse(output.ToString())!);
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync(server, arguments);

    private async Task MakePoliciesAsync(string organization)
    {
        string Policy(string id) =>
            $"\"{organization}-{id}\": {{\"org_id\": \"{organization}\", \"rate\": 100, \"per\": 1, \"quota_max\": -1, \"access_rights\": {{\"orders\": {{\"api_id\": \"orders\"}}}}}}";
        var tool = new Tool { Server = server, Input = $"{{{Policy("gold")}, {Policy("silver")}}}" };
        (await tool.RunAsync("policy", "apply", "-f", "-", "--yes")).Expect(ExitCode.Done);
    }

    private async Task<(string Id, string Text)[]> MakeKeysAsync(int count, params string[] options)
    {
        var keys = new (string, string)[count];
        for (int number = 0; number < count; number++)
        {
            var json = (await RunAsync(["key", "create", "--org", _org, .. options, "--output", "json"])).Expect(ExitCode.Done).Json;
            keys[number] = (json["key_id"]!.GetValue<string>(), json["api_key"]!.GetValue<string>());
        }

        return keys;
    }

    private async Task<IReadOnlyList<string>> IdsAsync(params string[] filter) => (await RunAsync(["key", "list", .. filter, "--quiet"])).Expect(ExitCode.Done).Lines;

    private async Task<bool> IsInactiveAsync(string id) =>
        (await RunAsync("key", "get", id, "--output", "json")).Expect(ExitCode.Done).Json["is_inactive"]?.GetValue<bool>() ?? false;
}
