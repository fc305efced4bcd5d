using System.Collections.Concurrent;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Hosting;

/// <summary>What was acknowledged is there after SIGKILL, whatever was being written at that moment.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const string Secret = "a-secret-for-this-test-alone";
    private const int Writers = 4;
    private const int WritesBeforeTheKill = 60;

    private static readonly Metadata Credential = new() { { "authorization", "Bearer " + Secret } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_amid_writes_finds_every_acknowledged_key_and_policy_again()
    {
        var policies = new ConcurrentDictionary<string, long>();
        var keys = new ConcurrentBag<(string ApiKey, string PolicyId)>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var server = Start())
        {
            using var channel = GrpcChannel.ForAddress("http://" + await server.ReadyAsync());
            var writing = Enumerable.Range(0, Writers)
                .Select(writer => WriteAsync(channel, writer, policies, keys, () => SignalAt(keys.Count, enough)))
                .ToArray();
            await enough.Task;

            // The writers are in the middle of their calls.
            await server.KillAsync();
            await Task.WhenAll(writing);
        }

        await using var next = Start();
        using var again = GrpcChannel.ForAddress("http://" + await next.ReadyAsync());
        Assert.True(keys.Count >= WritesBeforeTheKill);
        foreach (var (id, revision) in policies)
        {
            var found = await new PolicyAdminService.PolicyAdminServiceClient(again).GetPolicyAsync(new GetPolicyRequest { Id = id }, Credential);
            Assert.True(found.Policy.Revision >= revision, $"Policy {id} is at revision {found.Policy.Revision}, {revision} was acknowledged.");
        }

        foreach (var (apiKey, policyId) in keys)
        {
            var verdict = await new AuthorizeService.AuthorizeServiceClient(again).AuthorizeAsync(
                new AuthorizeRequest { ApiKey = apiKey, ApiId = "orders", Method = "GET", Path = "/" });
            Assert.True(verdict.Allowed, verdict.ToString());
            Assert.Equal(policyId, Assert.Single(verdict.Policies).Id);
        }
    }

    private static void SignalAt(int count, TaskCompletionSource enough)
    {
        if (count >= WritesBeforeTheKill)
        {
            enough.TrySetResult();
        }
    }

    private static async Task WriteAsync(
        GrpcChannel channel,
        int writer,
        ConcurrentDictionary<string, long> policies,
        ConcurrentBag<(string ApiKey, string PolicyId)> keys,
        Action written)
    {
        var policyAdmin = new PolicyAdminService.PolicyAdminServiceClient(channel);
        var keyAdmin = new KeyService.KeyServiceClient(channel);
        try
        {
            for (int turn = 0; ; turn++)
            {
                var policy = new Policy { Id = $"p{writer}-{turn}", OrgId = "acme", Rate = 1000, Per = 1, QuotaMax = -1 };
                policy.AccessRights["orders"] = new AccessRight();
                var created = await policyAdmin.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy }, Credential);
                policies[policy.Id] = created.Policy.Revision;
                var key = await keyAdmin.CreateKeyAsync(
                    new CreateKeyRequest { Key = new Key { OrgId = "acme", ApplyPolicies = { policy.Id } } }, Credential);
                keys.Add((key.ApiKey, policy.Id));
                written();
            }
        }
        catch (RpcException)
        {
            // The kill: this call was not acknowledged.
        }
    }

    private ServerProcess Start() => ServerProcess.Start(
        _folder.Path,
        "--Server:Grpc=127.0.0.1:0",
        "--Server:Http=127.0.0.1:0",
        $"--Data:Path={_folder.Path}",
        $"--Admin:Secret={Secret}");
}
