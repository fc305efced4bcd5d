using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.Redis;

/// <summary>Policies that one replica applies together are in force on the others together.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class AppliedPoliciesTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    [Fact]
    public async Task ApplyPolicies_is_heard_by_the_others_and_no_decision_sees_a_part()
    {
        await ApplyAsync(0);
        var key = await replicas.A.Keys.CreateKeyAsync(
            new CreateKeyRequest { Key = new Key { OrgId = "together", ApplyPolicies = { "access", "speed" } } }, Replica.Admin);
        var request = Samples.Ask(key.ApiKey);
        await InForce.OnAsync(replicas.Others, request, verdict => verdict.Allowed, InForce.BoundOfPush);
        using var enough = new CancellationTokenSource();
        var asking = replicas.All.Select(replica => Task.Run(async () =>
        {
            var seen = new HashSet<long>();
            while (!enough.IsCancellationRequested)
            {
                var verdict = await replica.AskAsync(request);
                Assert.True(verdict.Allowed, verdict.ToString());
                seen.Add(Assert.Single(verdict.Policies.Select(policy => policy.Revision).Distinct()));
            }

            return seen.Count;
        })).ToArray();

        for (int round = 1; round <= 30; round++)
        {
            // By turns: each writes on top of what another one wrote.
            await ApplyAsync(round, replicas.All[round % replicas.All.Count]);
        }

        await InForce.OnAsync(replicas.All, request, verdict => verdict.Policies.All(policy => policy.Revision == 31), InForce.BoundOfPush);
        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(asking), seen => Assert.True(seen > 1, $"Only {seen} of 31 rounds was seen."));
    }

    private async Task ApplyAsync(int round, Replica? replica = null)
    {
        var applied = await (replica ?? replicas.A).Policies.ApplyPoliciesAsync(
            new ApplyPoliciesRequest
            {
                Wanted = new WantedPolicies
                {
                    Policies =
                    {
                        new Policy
                        {
                            Id = "access", OrgId = "together", Name = $"{round}", Partitions = new PolicyPartitions { Acl = true },
                            AccessRights = { ["orders"] = new AccessRight() },
                        },
                        new Policy { Id = "speed", OrgId = "together", Rate = 1_000_000 + round, Per = 1, Partitions = new PolicyPartitions { RateLimit = true } },
                    },
                },
            },
            Replica.Admin);
        Assert.True(applied.Applied);
    }
}
