using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>
/// Two servers on a Sentinel set whose master changes under load: every answer comes in time and says what it is worth, and everything goes on with
/// the new master by itself.
/// </summary>
[Collection(nameof(RedisProcesses))]
public sealed class SentinelTests : IAsyncLifetime
{
    private const int InFlight = 32;

    // Ten times the deadline of 50 ms.
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

    private readonly List<Replica> _servers = [];
    private RedisSentinel? _set;

    public async ValueTask InitializeAsync()
    {
        _set = await RedisSentinel.StartAsync(1, null, "--appendonly", "yes");
        _servers.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Replica.StartAsync(_set.Address))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _set!.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, Traits = [RedisProcesses.Run, RedisProcesses.Full])]
    public async Task Servers_go_on_with_the_new_master_by_themselves(bool isKilled)
    {
        string denying = (await KeyAsync("denying")).ApiKey;
        string admitting = (await KeyAsync("admitting", policy => policy.OnStoreFailure = "allow")).ApiKey;
        string[] keys = [denying, admitting];
        var traffic = Load(lane => keys[lane / 2 % keys.Length]);

        // The first ones also compile the servers' code.
        await traffic.UntilAsync(IsExact, 1_000);
        int warm = traffic.Answers.Count;
        var old = await _set!.MasterAsync();

        if (isKilled)
        {
            await old.KillAsync();
            await traffic.UntilAsync(answer => answer.Request.ApiKey == denying && answer.IsUnavailable, 100);
            await traffic.UntilAsync(answer => answer.Request.ApiKey == admitting && answer.Verdict is { Allowed: true, Degraded: true }, 100);
            foreach (var server in _servers)
            {
                await Eventually.IsAsync(server.ReadinessAsync, readiness => readiness.Problems.ContainsKey("redis"), () => Task.FromResult(server.Output));
            }

            // One that starts while there is no master.
            _servers.Add(await Replica.StartAsync(_set.Address));
        }
        else
        {
            await _set.FailOverAsync();
        }

        var master = await _set.OtherMasterAsync(old);
        await UntilListeningAsync(master);
        foreach (var server in _servers)
        {
            await server.UntilReadyAsync();
            await InForce.OnAsync([server], Samples.Ask(denying), verdict => verdict is { Allowed: true, Degraded: false }, InForce.BoundWithoutPush);
        }

        await traffic.UntilAsync(IsExact, 1_000);
        await ChangeAsync();
        if (isKilled)
        {
            // The old one comes back, and takes itself for the master until the Sentinels tell it otherwise, after some ten seconds: nobody falls for it.
            await old.RestartAsync();
            await traffic.UntilAsync(IsExact, 1_000);
            Assert.StartsWith("master", await old.CommandAsync("ROLE"), StringComparison.Ordinal);
            Assert.DoesNotContain("cmdstat_eval", await old.CommandAsync("INFO", "commandstats"), StringComparison.Ordinal);
        }

        var answers = (await traffic.StopAsync()).Skip(warm).ToList();

        Assert.All(answers, answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
        Assert.All(answers.Where(answer => answer.Request.ApiKey == denying), answer => Assert.True(IsExact(answer) || answer.IsUnavailable, $"{answer.Verdict}"));
        Assert.All(answers.Where(answer => answer.Request.ApiKey == admitting), answer => Assert.True(answer.Verdict.Allowed, $"{answer.Verdict}"));
        foreach (var server in _servers)
        {
            await Eventually.IsAsync(() => server.MetricAsync("decision_store_breaker"), value => value == 0, () => Task.FromResult(server.Output));
        }
    }

    [Fact]
    public async Task Limit_goes_on_from_what_the_new_master_has()
    {
        const int Quota = 4_000;
        var key = await KeyAsync("counting", policy => policy.QuotaMax = Quota);
        var traffic = Load(_ => key.ApiKey);
        await traffic.UntilAsync(IsExact, Quota / 4);
        var old = await _set!.MasterAsync();

        await old.KillAsync();
        await _set.OtherMasterAsync(old);
        await traffic.UntilAsync(answer => answer.Verdict.Reason == Reason.QuotaExceeded, 2 * InFlight);
        var answers = await traffic.StopAsync();

        // The replica has all but what its master answered in the moment of its end; and what it was asked then and did not answer may have spent.
        double uncertain = await _servers[0].MetricAsync("decision_store_uncertain_total") + await _servers[1].MetricAsync("decision_store_uncertain_total");
        Assert.InRange(answers.Sum(answer => answer.Units), Quota - uncertain, Quota + InFlight);
        Assert.All(answers, answer => Assert.True(IsExact(answer) || answer.IsUnavailable || answer.Verdict.Reason == Reason.QuotaExceeded, $"{answer.Verdict}"));
    }

    private static bool IsExact(Answer answer) => answer.Verdict is { Allowed: true, Degraded: false };

    private Traffic Load(Func<int, string> key) => Traffic.Start(InFlight, lane => Samples.Ask(key(lane)), (lane, request) => _servers[lane % 2].AskAsync(request));

    /// <summary>What one server writes, the others go by: a new key, a policy, and a key that is deleted.</summary>
    private async Task ChangeAsync()
    {
        var key = await KeyAsync("later");
        await _servers[0].UpdatePolicyAsync(new Policy { Id = "later", Active = false }, "active");
        await InForce.OnAsync(_servers, Samples.Ask(key.ApiKey), verdict => verdict.Reason == Reason.PolicyInactive, InForce.BoundOfPush);
        await _servers[0].UpdatePolicyAsync(new Policy { Id = "later", Active = true }, "active");
        await InForce.OnAsync(_servers, Samples.Ask(key.ApiKey), verdict => verdict is { Allowed: true, Degraded: false }, InForce.BoundOfPush);

        await _servers[0].Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = key.KeyId }, Replica.Admin);
        foreach (var server in _servers)
        {
            Assert.Equal(Reason.KeyUnknown, (await server.AskAsync(key.ApiKey)).Reason);
        }
    }

    private Task UntilListeningAsync(RedisServer master) => Eventually.IsAsync(
        () => master.CommandAsync("PUBSUB", "NUMSUB", "decision:1:changes"),
        listeners => listeners.EndsWith($"\n{_servers.Count}", StringComparison.Ordinal),
        () => Task.FromResult(string.Join('\n', _servers.Select(server => server.Output))));

    private async Task<CreateKeyResponse> KeyAsync(string id, Action<Policy>? change = null)
    {
        await _servers[0].CreatePolicyAsync(AdminClients.Gold(policy =>
        {
            (policy.Id, policy.Rate, policy.QuotaMax) = (id, -1, 100_000_000);
            change?.Invoke(policy);
        }));
        var key = await _servers[0].CreateKeyAsync(id);
        await InForce.OnAsync(_servers, Samples.Ask(key.ApiKey), verdict => verdict is { Allowed: true, Degraded: false }, InForce.BoundWithoutPush);
        return key;
    }
}
