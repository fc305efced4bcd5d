using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.Server.Tests.Telemetry;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>Replicas on one Redis: their counts add up, one of them tells of a threshold, and a trace goes on over the way to Redis.</summary>
public sealed class SharedObservationTests
{
    // What is proved is what is counted and told: a busy machine must not make a slow Redis.
    private const string Patient = "Redis:Timeout=5s";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Counts_of_replicas_add_up_and_a_threshold_is_told_by_one_of_them()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        string[] settings =
        [
            Patient, "Usage:Days=7", "Usage:FlushInterval=100ms", "Events:QuotaThresholds=50", "Events:Webhook:Secret=a-secret-for-tests-only", $"Events:Webhook:Address={receiver.Address}/hook",
        ];
        await using var one = await Replica.StartAsync(redis.Address, settings);
        await using var other = await Replica.StartAsync(redis.Address, settings);
        await one.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Rate, policy.QuotaMax) = (1000, 20)));
        string key = (await one.CreateKeyAsync("gold")).ApiKey;
        await Eventually.IsAsync(() => other.AskAsync(Samples.Ask(key, request => request.Peek = true)), answer => answer.Allowed);
        string keyId = "";

        foreach (var replica in Enumerable.Repeat<Replica[]>([one, other], 12).SelectMany(both => both))
        {
            keyId = (await replica.AskAsync(key)).KeyId;
        }

        await Eventually.IsAsync(
            () => UsageAsync(other, keyId), usage => usage == (20, 4), async () => $"{await UsageAsync(one, keyId)} {one.Output} {other.Output}");
        await receiver.NextAsync("/hook");

        // All of the quota is used, and nobody tells a second time.
        Assert.False(receiver.Posts.TryRead(out _));
        Assert.Equal(1, await one.MetricAsync("decision_quota_events_total") + await other.MetricAsync("decision_quota_events_total"));
    }

    [Fact]
    public async Task A_server_that_is_killed_loses_what_came_since_its_last_flush_alone()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var killed = await Replica.StartAsync(redis.Address, Patient, "Usage:Days=7", "Usage:FlushInterval=100ms");
        await using var other = await Replica.StartAsync(redis.Address, Patient, "Usage:Days=7");
        await killed.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Rate, policy.QuotaMax) = (1000, 1000)));
        var key = await killed.CreateKeyAsync("gold");
        for (int time = 0; time < 10; time++)
        {
            await killed.AskAsync(key.ApiKey);
        }

        await Eventually.IsAsync(() => UsageAsync(other, key.KeyId), usage => usage == (10, 0));
        await killed.AskAsync(key.ApiKey);
        await killed.KillAsync();

        Assert.InRange((await UsageAsync(other, key.KeyId)).Allowed, 10, 11);
    }

    [Fact]
    public async Task A_decision_on_Redis_is_a_span_of_the_callers_trace()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var replica = await Replica.StartAsync(
            redis.Address, Patient, $"Telemetry:Endpoint={receiver.Address}", "Telemetry:Protocol=http", "Telemetry:Signals=traces", "Telemetry:TraceOneIn=0");
        await replica.CreatePolicyAsync(AdminClients.Gold());
        string key = (await replica.CreateKeyAsync("gold")).ApiKey;

        var answer = await replica.Client.AuthorizeAsync(Samples.Ask(key), new global::Grpc.Core.Metadata { { "traceparent", $"00-{Trace}-b7ad6b7169203331-01" } });
        replica.Terminate();
        Assert.Equal(0, await replica.ExitAsync());

        var posted = await receiver.NextAsync("/v1/traces");
        Assert.Equal(Reason.Allowed, answer.Reason);
        Assert.True(posted.Has(Convert.FromHexString(Trace)));
        Assert.Contains(answer.DecisionId, posted.Text, StringComparison.Ordinal);
    }

    private static async Task<(long Allowed, long Refused)> UsageAsync(Replica replica, string keyId)
    {
        var history = await new ActivityService.ActivityServiceClient(replica.Channel).GetUsageHistoryAsync(
            new GetUsageHistoryRequest { Subject = UsageSubject.Key, Id = keyId }, Replica.Admin);
        return (history.Hours.Sum(hour => hour.Allowed), history.Hours.Sum(hour => hour.Refused));
    }
}
