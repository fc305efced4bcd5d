using Decision.Contracts.V1;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>A server that is busy from its first moment on decides; it does not spend the deadlines of its first decisions on getting ready.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class ColdStartTests
{
    private const int AtOnce = 64;

    [Fact]
    public async Task First_decisions_of_a_server_are_exact_however_many_come_at_once()
    {
        await using var redis = await RedisServer.StartAsync();
        string key;
        await using (var before = await Replica.StartAsync(redis.Address))
        {
            await before.CreatePolicyAsync(Admin.AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("cold", 1000, 1000)));
            key = (await before.CreateKeyAsync("cold")).ApiKey;
        }

        // A machine that is busy with other things takes more than the 50 ms that are the default.
        await using var server = await Replica.StartAsync(redis.Address, "Redis:Timeout=150ms");
        var verdicts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => server.AskAsync(key)));

        Assert.All(verdicts, verdict => Assert.Equal((Reason.Allowed, false), (verdict.Reason, verdict.Degraded)));
    }

    [Fact]
    public async Task Metrics_count_every_decision_since_the_start()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var server = await Replica.StartAsync(redis.Address);
        double atStart = await server.MetricAsync("decision_decisions_total", "KEY_UNKNOWN");
        for (int asked = 0; asked < 3; asked++)
        {
            await server.AskAsync("nobody-has-this-key-text");
        }

        // A scrape is answered from the last one for a moment.
        await Eventually.IsAsync(() => server.MetricAsync("decision_decisions_total", "KEY_UNKNOWN"), count => count == 3);
        Assert.Equal(0, atStart);
    }
}
