using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>A master of a Redis Cluster that fails under load: only what is in its slots is felt, and it comes back with the master or with the replica that takes over.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class ClusterOutageTests : IAsyncLifetime
{
    private const int InFlight = 32;

    // Ten times the deadline of 50 ms.
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

    private RedisCluster? _cluster;
    private Replica? _server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(RedisOutage.Killed)]
    [InlineData(RedisOutage.Stopped, Traits = [RedisProcesses.Run, RedisProcesses.Full])]
    public async Task Keys_of_other_masters_go_on(RedisOutage outage)
    {
        // Without it the whole cluster stops with any of its masters.
        await StartAsync(false, "--cluster-require-full-coverage", "no");
        var (struck, others) = await KeysAsync();
        var master = await _cluster!.MasterOfAsync($"{{{struck.KeyId}}}");

        // Most of the calls are for the master that fails.
        var traffic = Load(lane => lane % 4 == 0 ? others : struck);
        await traffic.UntilAsync(IsExact, 1_000);
        int warm = traffic.Answers.Count;

        await master.BreakAsync(outage);
        await traffic.UntilAsync(answer => answer.Request.ApiKey == struck.ApiKey && answer.IsUnavailable, 1_000);
        await Eventually.IsAsync(() => _server!.MetricAsync("decision_store_breaker"), value => value > 0, () => Task.FromResult(_server!.Output));
        await traffic.UntilAsync(answer => answer.Request.ApiKey == others.ApiKey && IsExact(answer), 1_000);
        int end = traffic.Answers.Count;
        if (outage == RedisOutage.Stopped)
        {
            Assert.NotEqual(0, await _server!.MetricAsync("decision_store_uncertain_total"));
        }

        await master.MendAsync(outage);
        await traffic.UntilAsync(answer => answer.Request.ApiKey == struck.ApiKey && IsExact(answer), 200);
        await _server!.UntilReadyAsync();
        var answers = await traffic.StopAsync();

        Assert.All(answers.Skip(warm), answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
        Assert.All(answers.Skip(warm), answer => Assert.True(IsExact(answer) || answer.IsUnavailable, $"{answer.Verdict}"));
        Answer[] beside = [.. answers.Take(end).Skip(warm).Where(answer => answer.Request.ApiKey == others.ApiKey)];
        int lost = beside.Count(answer => !IsExact(answer));
        Assert.True(lost * 20 <= beside.Length, $"{lost} of {beside.Length} decisions on other masters failed.");
    }

    [Fact]
    public async Task Replica_that_takes_over_is_gone_to()
    {
        await StartAsync(true);
        var (struck, others) = await KeysAsync();
        var master = await _cluster!.MasterOfAsync($"{{{struck.KeyId}}}");
        var traffic = Load(lane => lane % 2 == 0 ? others : struck);
        await traffic.UntilAsync(IsExact, 1_000);
        int warm = traffic.Answers.Count;

        await master.KillAsync();
        await traffic.UntilAsync(answer => answer.Request.ApiKey == struck.ApiKey && answer.IsUnavailable, 100);
        await traffic.UntilAsync(answer => answer.Request.ApiKey == struck.ApiKey && IsExact(answer), 1_000);
        await _server!.UntilReadyAsync();
        await _server!.CreatePolicyAsync(AdminClients.Gold(policy => policy.Id = "later"));
        var answers = await traffic.StopAsync();

        Assert.All(answers.Skip(warm), answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
        Assert.All(answers.Skip(warm), answer => Assert.True(IsExact(answer) || answer.IsUnavailable, $"{answer.Verdict}"));
    }

    private static bool IsExact(Answer answer) => answer.Verdict is { Allowed: true, Degraded: false };

    private async Task StartAsync(bool hasReplicas, params string[] arguments)
    {
        _cluster = await RedisCluster.StartAsync(hasReplicas, ["--appendonly", "yes", .. arguments]);
        _server = await Replica.StartAsync(_cluster.Address);
    }

    private Traffic Load(Func<int, CreateKeyResponse> key) =>
        Traffic.Start(InFlight, lane => Samples.Ask(key(lane).ApiKey), (_, request) => _server!.AskAsync(request));

    /// <summary>Two keys on two masters.</summary>
    private async Task<(CreateKeyResponse First, CreateKeyResponse Second)> KeysAsync()
    {
        await _server!.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("busy", -1, 100_000_000)));
        var first = await _server.CreateKeyAsync("busy");
        while (true)
        {
            var second = await _server.CreateKeyAsync("busy");
            if (await _cluster!.MasterOfAsync($"{{{first.KeyId}}}") != await _cluster.MasterOfAsync($"{{{second.KeyId}}}"))
            {
                return (first, second);
            }
        }
    }
}
