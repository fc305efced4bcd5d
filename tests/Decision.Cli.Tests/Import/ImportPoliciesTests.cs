using Decision.Cli.Tests.Support;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Cli.Tests.Import;

/// <summary><c>import tyk</c> writes policies together, or one after the other where the service cannot do so.</summary>
public sealed class ImportPoliciesTests : IDisposable
{
    private readonly LiveServer _server;
    private readonly FileFolder _folder = new();
    private readonly GrpcChannel _channel;
    private readonly string _gold = TestNames.Unique("gold");
    private readonly string _silver = TestNames.Unique("silver");

    public ImportPoliciesTests(LiveServer server) => (_server, _channel) = (server, GrpcChannel.ForAddress(server.Address));

    private static Metadata Admin => new() { { "authorization", "Bearer " + LiveServer.Secret } };

    private PolicyAdminService.PolicyAdminServiceClient Client => new(_channel);

    public void Dispose()
    {
        _channel.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_policy_that_is_refused_keeps_all_from_being_written()
    {
        string file = Write($$"""{"tour": {"org_id": "demo", "rate": 999, "per": 1, "quota_max": -1, "access_rights": {"orders": {} } }, "{{_gold}}": {{Policy(1)}} }""");

        var run = (await Tool.RunAsync(_server, "import", "tyk", file, "--yes")).Expect(ExitCode.Refused);

        Assert.Contains("policy tour: the service reads it from", run.Error, StringComparison.Ordinal);
        Assert.Contains("policies: were not written", run.Error, StringComparison.Ordinal);
        await AssertNoneAsync(_gold);
    }

    [Fact]
    public async Task What_somebody_changes_before_the_answer_is_not_overwritten()
    {
        string file = Write($$"""{"{{_gold}}": {{Policy(1)}} }""");
        (await Tool.RunAsync(_server, "import", "tyk", file, "--yes")).Expect(ExitCode.Done);
        Write($$"""{"{{_gold}}": {{Policy(2)}}, "{{_silver}}": {{Policy(1)}} }""");
        var answer = new DelayedAnswer("y", () => Client.UpdatePolicy(
            new UpdatePolicyRequest { Policy = new Policy { Id = _gold, Rate = 3 }, UpdateMask = new() { Paths = { "rate" } } }, Admin));

        var run = (await new Tool { Server = _server, IsTerminal = true, Answers = answer }.RunAsync("import", "tyk", file)).Expect(ExitCode.Refused);

        Assert.Contains($"somebody has changed {_gold}", run.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await Client.GetPolicyAsync(new GetPolicyRequest { Id = _gold }, Admin)).Policy.Rate);
        await AssertNoneAsync(_silver);
    }

    [Fact]
    public async Task A_service_that_cannot_apply_gets_them_one_after_the_other()
    {
        await using var older = await OlderService.StartAsync(_server);
        string file = Write($$"""{"{{_gold}}": {{Policy(1)}}, "{{_silver}}": {{Policy(1)}} }""");
        var tool = new Tool { Server = _server, Environment = new Dictionary<string, string> { ["DECISION_ADDRESS"] = older.Address } };

        var run = (await tool.RunAsync("import", "tyk", file, "--yes")).Expect(ExitCode.Done);
        Assert.Contains("2 policies made", run.Error, StringComparison.Ordinal);

        Write($$"""{"{{_gold}}": {{Policy(2)}}, "{{_silver}}": {{Policy(1)}} }""");
        run = (await tool.RunAsync("import", "tyk", file, "--yes")).Expect(ExitCode.Done);
        Assert.Contains("1 policy changed", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Client.GetPolicyAsync(new GetPolicyRequest { Id = _gold }, Admin)).Policy.Rate);
    }

    private string Write(string policies) => _folder.Write("policies.json", policies);

    private static string Policy(int rate) => $$$"""{"org_id": "importing", "rate": {{{rate}}}, "per": 1, "quota_max": -1, "access_rights": {"imported": {"api_id": "imported"} } }""";

    private async Task AssertNoneAsync(string id) => Assert.Equal(
        StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await Client.GetPolicyAsync(new GetPolicyRequest { Id = id }, Admin))).StatusCode);

    /// <summary>Somebody who is asked, and does something else first.</summary>
    private sealed class DelayedAnswer(string answer, Action before) : TextReader
    {
        public override string? ReadLine()
        {
            before();
            return answer;
        }
    }
}
