using Decision.Contracts.Admin.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Hosting;

/// <summary>Policies that are applied together are all there after SIGKILL, or none of them.</summary>
public sealed class KilledApplyTests : IDisposable
{
    private const string Secret = "a-secret-for-this-test-alone";
    private const int Policies = 100;
    private const int RoundsBeforeTheKill = 8;

    private static readonly Metadata Credential = new() { { "authorization", "Bearer " + Secret } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_amid_an_apply_finds_one_round_whole()
    {
        // Each kill hits another moment.
        int acknowledged = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            acknowledged = await ApplyUntilKilledAsync(acknowledged);
            await using var next = Start();
            using var channel = GrpcChannel.ForAddress("http://" + await next.ReadyAsync());
            var stored = (await new PolicyAdminService.PolicyAdminServiceClient(channel).ListPoliciesAsync(
                new ListPoliciesRequest { PageSize = 1_000 }, Credential)).Policies;

            Assert.Equal(Policies, stored.Count);
            string round = Assert.Single(stored.Select(policy => policy.Name).Distinct());
            Assert.Single(stored.Select(policy => policy.Revision).Distinct());
            Assert.InRange(int.Parse(round, null), acknowledged, acknowledged + 1);
            acknowledged = int.Parse(round, null);
        }
    }

    private async Task<int> ApplyUntilKilledAsync(int last)
    {
        int acknowledged = last;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = Start();
        using var channel = GrpcChannel.ForAddress("http://" + await server.ReadyAsync());
        var client = new PolicyAdminService.PolicyAdminServiceClient(channel);
        var applying = Task.Run(async () =>
        {
            try
            {
                for (int round = last + 1; ; round++)
                {
                    await client.ApplyPoliciesAsync(new ApplyPoliciesRequest { Wanted = Round(round) }, Credential);
                    acknowledged = round;
                    if (round == last + RoundsBeforeTheKill)
                    {
                        enough.TrySetResult();
                    }
                }
            }
            catch (RpcException)
            {
                // The kill: this round was not acknowledged.
            }
        });
        await Task.WhenAny(enough.Task, applying);
        Assert.True(enough.Task.IsCompleted, server.Output);
        await server.KillAsync();
        await applying;
        return acknowledged;
    }

    private static WantedPolicies Round(int round) => new()
    {
        Policies =
        {
            Enumerable.Range(0, Policies).Select(number => new Policy
            {
                Id = $"p{number}", OrgId = "acme", Name = $"{round}", Rate = 1000, Per = 1, QuotaMax = -1, AccessRights = { ["orders"] = new AccessRight() },
            }),
        },
    };

    private ServerProcess Start() => ServerProcess.Start(
        _folder.Path,
        "--Server:Grpc=127.0.0.1:0",
        "--Server:Http=127.0.0.1:0",
        $"--Data:Path={_folder.Path}",
        $"--Admin:Secret={Secret}");
}
