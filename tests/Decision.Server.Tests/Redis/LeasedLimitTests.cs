using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;

namespace Decision.Server.Tests.Redis;

/// <summary>Replicas that take parts of a limit beforehand: real processes on a real Redis, their own clocks.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class LeasedLimitTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    private const int Limit = 1000;

    [Theory]
    [InlineData("sliding_log")]
    [InlineData("token_bucket")]
    [InlineData("fixed_window")]
    [InlineData("sliding_window")]
    public async Task Three_replicas_admit_a_rate_s_limit_and_no_more(string algorithm)
    {
        // So long a window that none of it comes back during the test.
        string key = await MakeAsync(
            "rate-" + algorithm, policy => (policy.Rate, policy.Per, policy.RateAlgorithm, policy.QuotaMax) = (Limit, 36_000, algorithm, -1));

        int admitted = await AskAllAsync(key, 3 * Limit);

        // Each replica may hold a tenth of the limit when the others find it used up.
        Assert.InRange(admitted, Limit - (3 * Limit / 10), Limit);
        Assert.InRange(admitted + await AskUntilUsedUpAsync(key), Limit - 1, Limit);
    }

    [Fact]
    public async Task Three_replicas_admit_a_quota_and_no_more_though_one_is_killed()
    {
        string key = await MakeAsync("quota", policy => (policy.Rate, policy.QuotaMax, policy.QuotaRenewalRate) = (-1, Limit, 36_000));
        var victim = await Replica.StartAsync(replicas.Redis.Address);
        int admitted;
        await using (victim)
        {
            await InForce.OnAsync([victim], Samples.Ask(key, ask => ask.Peek = true), verdict => verdict.Allowed, InForce.BoundOfPush);
            var victims = AskAsync(victim, key, Limit / 4);
            var others = AskAllAsync(key, Limit / 4);
            admitted = await victims + await others;
            await victim.KillAsync();
        }

        admitted += await AskUntilUsedUpAsync(key);

        // What the killed one held of its tenth counts as used.
        Assert.InRange(admitted, Limit - (Limit / 10) - 1, Limit);
    }

    [Fact]
    public async Task Hot_key_asks_Redis_rarely()
    {
        string key = await MakeAsync("hot", policy => (policy.Rate, policy.Per, policy.QuotaMax) = (1_000_000, 60, -1));
        double decided = await replicas.A.MetricAsync("decision_decisions_total");
        double before = await replicas.A.MetricAsync("decision_lease_decisions_total");

        await AskAsync(replicas.A, key, 2500);

        // A scrape's answer is kept for a moment: until there is one from after the last decision.
        await Eventually.IsAsync(() => replicas.A.MetricAsync("decision_decisions_total"), count => count >= decided + 2500);
        double leased = await replicas.A.MetricAsync("decision_lease_decisions_total") - before;
        Assert.InRange(leased, 2000, 2500);
    }

    [Fact]
    public async Task Deleted_key_is_unknown_to_the_others_though_they_hold_units_of_it()
    {
        string key = await MakeAsync("deleted", policy => (policy.Rate, policy.Per, policy.QuotaMax) = (1_000_000, 60, -1));
        await Task.WhenAll(replicas.All.Select(replica => AskAsync(replica, key, 200)));

        await replicas.A.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = key.Substring(3, 16) }, Replica.Admin);

        Assert.Equal(Reason.KeyUnknown, (await replicas.A.AskAsync(key)).Reason);
        await InForce.OnAsync(replicas.Others, Samples.Ask(key), verdict => verdict.Reason == Reason.KeyUnknown, InForce.BoundOfPush);
    }

    [Fact]
    public async Task Lowered_limit_is_not_admitted_by_what_was_held_under_the_old_one()
    {
        string key = await MakeAsync("lowered", policy => (policy.Rate, policy.Per, policy.QuotaMax) = (100_000, 36_000, -1));
        await Task.WhenAll(replicas.All.Select(replica => AskAsync(replica, key, 200)));

        await replicas.A.UpdatePolicyAsync(new Policy { Id = "lowered", Rate = 100, Per = 36_000 }, "rate", "per");

        await InForce.OnAsync(replicas.All, Samples.Ask(key, ask => ask.Peek = true), verdict => verdict.Reason == Reason.RateLimited, InForce.BoundOfPush);
        Assert.Equal(0, await AskAllAsync(key, 300));
    }

    private async Task<string> MakeAsync(string id, Action<Policy> configure)
    {
        await replicas.A.CreatePolicyAsync(AdminClients.Gold(policy =>
        {
            (policy.Id, policy.LimitsMode) = (id, "leased");
            configure(policy);
        }));
        string key = (await replicas.A.CreateKeyAsync(id)).ApiKey;
        await InForce.OnAsync(replicas.All, Samples.Ask(key, ask => ask.Peek = true), verdict => verdict.Allowed, InForce.BoundOfPush);
        return key;
    }

    private async Task<int> AskAllAsync(string key, int count) =>
        (await Task.WhenAll(replicas.All.Select(replica => AskAsync(replica, key, count / replicas.All.Count)))).Sum();

    // What the others hold comes back within a second.
    private async Task<int> AskUntilUsedUpAsync(string key)
    {
        int admitted = 0;
        await Eventually.IsAsync(
            async () =>
            {
                int more = await AskAsync(replicas.B, key, 20);
                admitted += more;
                return (More: more, Held: await replicas.Redis.CommandAsync("HEXISTS", $"decision:1:{{{key.Substring(3, 16)}}}", "l"));
            },
            state => state is { More: 0, Held: "0" },
            async () => admitted + " more admitted; " + await replicas.C.AskAsync(Samples.Ask(key, ask => ask.Peek = true)));
        return admitted;
    }

    private static async Task<int> AskAsync(Replica replica, string key, int count)
    {
        int admitted = 0;
        for (int asked = 0; asked < count; asked += 20)
        {
            var verdicts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => replica.AskAsync(key)));
            admitted += verdicts.Count(verdict => verdict.Allowed);
        }

        return admitted;
    }
}
