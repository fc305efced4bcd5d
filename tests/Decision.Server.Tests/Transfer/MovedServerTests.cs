using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Transfer;

/// <summary>A server that moves to another store, as docs/migration.md says it.</summary>
public sealed class MovedServerTests : IDisposable
{
    private readonly TemporaryFolder _old = new();
    private readonly TemporaryFolder _new = new();

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task Server_on_the_new_store_has_the_old_one_s_keys_usage_and_history()
    {
        const string Custom = "a-custom-key-of-a-partner";
        string plain;
        await using (var server = ServerProcess.Start(_old.Path, Arguments(_old)))
        {
            string address = await server.ReadyAsync();
            plain = await FillAsync(address, Custom);
            await AskAsync(address, plain, 3);
            await AskAsync(address, Custom, 2);

            var tooEarly = await TransferRun.OfAsync("export", File("early"), Data(_old));
            Assert.Equal(3, tooEarly.Code);
            Assert.Contains("Another server already works on the database", tooEarly.Errors, StringComparison.Ordinal);
            Assert.Contains("Stop it first", tooEarly.Errors, StringComparison.Ordinal);
            Assert.False(System.IO.File.Exists(File("early")));
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync());
        }

        var export = await TransferRun.OfAsync("export", File("all.jsonl"), Data(_old));
        string secretsKey = "--Secrets:Key=" + (await System.IO.File.ReadAllTextAsync(Path.Combine(_old.Path, "secrets-key"))).Trim();
        var import = await TransferRun.OfAsync("import", File("all.jsonl"), Data(_new), secretsKey);

        Assert.Equal((0, ""), (export.Code, export.Errors));
        Assert.Contains("0 APIs, 1 policies, 0 organisations, 4 counters, 2 keys; 2 revisions.", export.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File("all.jsonl")));
        Assert.Equal(["all.jsonl"], Directory.GetFiles(Path.Combine(_old.Path, "out")).Select(Path.GetFileName));
        Assert.Equal((0, ""), (import.Code, import.Errors));
        Assert.Contains("keys           2 added, 0 unchanged, 0 replaced", import.Output, StringComparison.Ordinal);
        await using var moved = ServerProcess.Start(_new.Path, [.. Arguments(_new), secretsKey]);
        string there = await moved.ReadyAsync();
        Assert.Equal(6, await AskAsync(there, plain, 1));
        Assert.Equal(7, await AskAsync(there, Custom, 1));
        using var channel = GrpcChannel.ForAddress($"http://{there}");
        var revisions = await new PolicyAdminService.PolicyAdminServiceClient(channel).ListPolicyRevisionsAsync(
            new ListPolicyRevisionsRequest { Id = "gold" }, Admin);
        Assert.Equal([(2L, 10L), (1L, 5L)], revisions.Revisions.Select(revision => (revision.Number, revision.Policy.QuotaMax)));
    }

    private static Metadata Admin => new() { { "authorization", "Bearer " + RunningServer.Secret } };

    private string File(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(_old.Path, "out")).FullName, name);

    private static string Data(TemporaryFolder folder) => "--Data:Path=" + folder.Path;

    private static string[] Arguments(TemporaryFolder folder) =>
        ["--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", "--Admin:Secret=" + RunningServer.Secret, Data(folder)];

    private static async Task<string> FillAsync(string address, string custom)
    {
        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var policies = new PolicyAdminService.PolicyAdminServiceClient(channel);
        var policy = Server.Tests.Admin.AdminClients.Gold(gold => gold.QuotaMax = 5);
        policy = (await policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy }, Admin)).Policy;
        policy.QuotaMax = 10;
        await policies.UpdatePolicyAsync(
            new UpdatePolicyRequest { Policy = policy, UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask { Paths = { "quota_max" } } }, Admin);
        var keys = new KeyService.KeyServiceClient(channel);
        var key = new Key { OrgId = "acme", ApplyPolicies = { "gold" } };
        await keys.CreateKeyAsync(new CreateKeyRequest { Key = key, ApiKey = custom }, Admin);
        return (await keys.CreateKeyAsync(new CreateKeyRequest { Key = key }, Admin)).ApiKey;
    }

    // What remains of the quota after that many requests.
    private static async Task<long> AskAsync(string address, string key, int times)
    {
        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var client = new AuthorizeService.AuthorizeServiceClient(channel);
        long remaining = -1;
        for (int i = 0; i < times; i++)
        {
            var verdict = await client.AuthorizeAsync(Samples.Ask(key));
            Assert.True(verdict.Allowed, verdict.ToString());
            remaining = verdict.Limits.Single(limit => limit.Name == "quota").Remaining;
        }

        return remaining;
    }
}
