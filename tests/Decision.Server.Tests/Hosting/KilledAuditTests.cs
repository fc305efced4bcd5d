using System.Collections.Concurrent;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Hosting;

/// <summary>After SIGKILL the audit log tells of everything that was done, and of what it does not know.</summary>
public sealed class KilledAuditTests : IDisposable
{
    private const string Secret = "a-secret-for-this-test-alone";
    private const int Writers = 4;
    private const int WritesBeforeTheKill = 60;

    private static readonly Metadata Credential = new() { { "authorization", "Bearer " + Secret } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_amid_acts_the_log_tells_of_each_policy_that_is_there()
    {
        var acknowledged = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var server = Start())
        {
            using var channel = GrpcChannel.ForAddress("http://" + await server.ReadyAsync());
            Task[] writing = [.. Enumerable.Range(0, Writers).Select(writer => WriteAsync(channel, writer, acknowledged, enough))];
            await enough.Task;

            // The writers are in the middle of their calls.
            await server.KillAsync();
            await Task.WhenAll(writing);
        }

        await using var next = Start();
        using var again = GrpcChannel.ForAddress("http://" + await next.ReadyAsync());
        var log = new AuditService.AuditServiceClient(again);
        var check = await log.VerifyAuditLogAsync(new VerifyAuditLogRequest(), Credential);
        Assert.True(check.Valid, check.Problem);
        var entries = (await log.ListAuditEntriesAsync(new ListAuditEntriesRequest { PageSize = 1000 }, Credential)).Entries;
        var there = (await new PolicyAdminService.PolicyAdminServiceClient(again).ListPoliciesAsync(new ListPoliciesRequest { PageSize = 1000 }, Credential)).Policies;
        var told = entries.Where(entry => entry.Action == "policy.create").ToDictionary(entry => entry.ObjectId, entry => entry.Outcome);
        Assert.True(acknowledged.Count >= WritesBeforeTheKill);
        Assert.All(acknowledged, id => Assert.Equal(AuditOutcome.Done, told[id]));
        Assert.All(there, policy => Assert.Contains(policy.Id, told.Keys));
        Assert.All(told.Where(one => one.Value == AuditOutcome.Done), one => Assert.Contains(there, policy => policy.Id == one.Key));
        Assert.InRange(told.Values.Count(outcome => outcome == AuditOutcome.Unknown), 0, Writers);
    }

    private static async Task WriteAsync(GrpcChannel channel, int writer, ConcurrentBag<string> acknowledged, TaskCompletionSource enough)
    {
        var policies = new PolicyAdminService.PolicyAdminServiceClient(channel);
        try
        {
            for (int number = 0; ; number++)
            {
                string id = $"w{writer}-{number}";
                await policies.CreatePolicyAsync(
                    new CreatePolicyRequest { Policy = new Policy { Id = id, AccessRights = { ["orders"] = new AccessRight { ApiId = "orders" } } } }, Credential);
                acknowledged.Add(id);
                if (acknowledged.Count >= WritesBeforeTheKill)
                {
                    enough.TrySetResult();
                }
            }
        }
        catch (RpcException)
        {
            // The server is gone.
            enough.TrySetResult();
        }
    }

    private ServerProcess Start() => ServerProcess.Start(
        _folder.Path, "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", $"--Data:Path={_folder.Path}", $"--Admin:Secret={Secret}");
}
