using System.Net;
using System.Security.Cryptography;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Engine.Credentials;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>A Redis that fails under load: every answer comes in time and says what it is worth, and everything goes on when Redis does.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class OutageTests : IAsyncLifetime
{
    private const int InFlight = 32;
    private const int LocalRate = 40;

    // Ten times the deadline of 50 ms.
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

    private RedisServer? _redis;
    private Replica? _server;

    public async ValueTask InitializeAsync() => _redis = await DurableRedis.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _redis!.DisposeAsync();
    }

    [Theory]
    [InlineData(RedisOutage.Killed)]
    [InlineData(RedisOutage.Stopped)]
    [InlineData(RedisOutage.Busy)]
    [InlineData(RedisOutage.OutOfMemory)]
    [InlineData(RedisOutage.ReadOnly)]
    [InlineData(RedisOutage.Alone)]
    [InlineData(RedisOutage.Locked)]
    public async Task Every_answer_comes_in_time_says_what_it_is_worth_and_the_end_of_the_outage_is_noticed(RedisOutage outage)
    {
        _server = await Replica.StartAsync(_redis!.Address, "Limits:Replicas=2");
        string denying = await KeyAsync("denying");
        string admitting = await KeyAsync("admitting", policy => policy.OnStoreFailure = "allow");
        string counting = await KeyAsync("counting", policy => (policy.OnStoreFailure, policy.Rate, policy.Per) = ("local", LocalRate, 3600));
        var traffic = Load(lane => (lane % 4) switch { 0 => denying, 1 => admitting, 2 => counting, _ => NobodysKey() });
        await traffic.UntilAsync(answer => IsExact(answer, denying), 200);

        await _redis.BreakAsync(outage);
        await traffic.UntilAsync(answer => answer.Request.ApiKey == denying && answer.IsUnavailable, 100);
        await traffic.UntilAsync(answer => answer.Request.ApiKey == admitting && answer.Verdict is { Allowed: true, Degraded: true }, 100);
        await traffic.UntilAsync(answer => answer.Request.ApiKey == counting && answer.Verdict is { Reason: Reason.RateLimited, Degraded: true }, 100);
        await UntilReadyNamesRedisAsync(outage == RedisOutage.Locked ? "credentials" : "");
        await UntilMetricAsync("decision_store_failures_total", $"kind=\"{outage.Kind()}\"");
        if (outage is not (RedisOutage.OutOfMemory or RedisOutage.Alone))
        {
            // These still answer what is only read, and are asked on.
            await UntilMetricAsync("decision_store_breaker");
        }

        if (outage == RedisOutage.Stopped)
        {
            await UntilMetricAsync("decision_store_uncertain_total");
        }

        if (outage == RedisOutage.Killed)
        {
            // Those that were on their way; who found no connection spent nothing for sure.
            Assert.InRange(await _server.MetricAsync("decision_store_uncertain_total"), 0, InFlight);
        }

        await _redis.MendAsync(outage);
        await traffic.UntilAsync(answer => IsExact(answer, denying), 200);
        await _server.UntilReadyAsync();
        var answers = await traffic.StopAsync();

        Assert.All(answers, answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
        Assert.All(answers.Where(answer => answer.Request.ApiKey == denying), answer => Assert.True(IsExact(answer, denying) || answer.IsUnavailable, $"{answer.Verdict}"));
        Assert.All(answers.Where(answer => answer.Request.ApiKey == admitting), answer => Assert.True(answer.Verdict.Allowed, $"{answer.Verdict}"));
        Assert.DoesNotContain(answers, answer => answer.Request.ApiKey is var key && key != denying && key != admitting && key != counting && answer.Verdict.Allowed);
        Answer[] counted = [.. answers.Where(answer => answer.Request.ApiKey == counting)];
        Assert.Equal(LocalRate / 2, counted.Count(answer => answer.Verdict is { Allowed: true, Degraded: true }));
        Assert.InRange(counted.Count(answer => answer.Verdict is { Allowed: true, Degraded: false }), 1, LocalRate);
        await UntilMetricAsync("decision_store_breaker", isZero: true);
    }

    [Fact]
    public async Task Rates_and_quotas_have_settings_of_their_own_on_the_server_and_in_policies()
    {
        _server = await Replica.StartAsync(
            _redis!.Address, "Limits:Replicas=2", "Limits:OnStoreFailure=deny", "Limits:OnStoreFailure:Rate=allow", "Limits:OnStoreFailure:Quota=local");
        string rate = await KeyAsync("rate", policy => (policy.Rate, policy.QuotaMax) = (1000, -1));
        string quota = await KeyAsync("quota", policy => (policy.Rate, policy.QuotaMax) = (-1, 10));
        string both = await KeyAsync("both", policy => (policy.Rate, policy.QuotaMax) = (1000, 10));
        string strict = await KeyAsync("strict", policy => (policy.Rate, policy.QuotaMax, policy.OnStoreFailureRate) = (1000, 10, "deny"));
        string lax = await KeyAsync("lax", policy => (policy.Rate, policy.QuotaMax, policy.OnStoreFailureQuota) = (1000, 10, "allow"));

        await _redis.BreakAsync(RedisOutage.Killed);

        Assert.Equal([(Reason.Allowed, 30)], await AskAsync(rate, 30));
        Assert.Equal([(Reason.Allowed, 5), (Reason.QuotaExceeded, 25)], await AskAsync(quota, 30));
        Assert.Equal([(Reason.Allowed, 5), (Reason.QuotaExceeded, 25)], await AskAsync(both, 30));
        Assert.Equal([(Reason.StoreUnavailable, 30)], await AskAsync(strict, 30));
        Assert.Equal([(Reason.Allowed, 30)], await AskAsync(lax, 30));
    }

    [Fact]
    public async Task Server_started_without_Redis_serves_public_paths_of_files_and_keys_once_Redis_is_there()
    {
        string key;
        await using (var before = await Replica.StartAsync(_redis!.Address))
        {
            _server = before;
            key = await KeyAsync("kept");
            _server = null;
        }

        await _redis.KillAsync();
        using TemporaryFolder files = new();
        string apis = files.Write("apis.json", """[{ "api_id": "shop", "organization_id": "acme", "listen_path": "/shop/", "public": [{ "url": "/health", "methods": ["GET"] }] }]""");
        _server = await Replica.StartAsync(_redis.Address, $"apis:record_name={apis}");
        AuthorizeRequest open = new() { Host = "shop.example.com", Method = "GET", Path = "/shop/health" };
        var traffic = Traffic.Start(InFlight, lane => lane % 2 == 0 ? open : Samples.Ask(key), (_, request) => _server.AskAsync(request));

        await traffic.UntilAsync(answer => answer.Request == open, 200);
        await traffic.UntilAsync(answer => answer.Request != open && answer.IsUnavailable, 200);
        await UntilReadyNamesRedisAsync();
        int asked = traffic.Answers.Count;
        await _redis.RestartAsync();
        await traffic.UntilAsync(answer => IsExact(answer, key), 200);
        await _server.UntilReadyAsync();
        var answers = await traffic.StopAsync();

        Assert.All(answers.Where(answer => answer.Request == open), answer => Assert.True(answer.Verdict is { Allowed: true, Degraded: false }, $"{answer.Verdict}"));
        Assert.All(answers.Take(asked).Where(answer => answer.Request != open), answer => Assert.True(answer.IsUnavailable, $"{answer.Verdict}"));

        // The first ones also compile the server's code.
        Assert.All(answers.Skip(10 * InFlight), answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
    }

    [Fact]
    public async Task Key_in_memory_serves_without_Redis_for_MaxStale_and_not_longer()
    {
        _server = await Replica.StartAsync(_redis!.Address, "Limits:OnStoreFailure=allow", "Cache:MaxStale=4s");
        string key = await KeyAsync("admitting");
        var traffic = Load(_ => key);
        await traffic.UntilAsync(answer => IsExact(answer, key), 200);

        await _redis.BreakAsync(RedisOutage.Killed);
        await traffic.UntilAsync(answer => answer.Verdict is { Allowed: true, Degraded: true }, 200);
        await traffic.UntilAsync(answer => answer.IsUnavailable, 2 * InFlight);
        int before = traffic.Answers.Count;
        await traffic.UntilAsync(answer => answer.IsUnavailable, 200);
        var stale = traffic.Answers.Skip(before).ToList();
        await _redis.MendAsync(RedisOutage.Killed);
        await traffic.UntilAsync(answer => IsExact(answer, key), 200);
        var answers = await traffic.StopAsync();

        Assert.All(stale, answer => Assert.True(answer.IsUnavailable, $"{answer.Verdict}"));
        Assert.All(answers, answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
    }

    private static bool IsExact(Answer answer, string key) => answer.Request.ApiKey == key && answer.Verdict is { Allowed: true, Degraded: false };

    private static string NobodysKey() => KeyToken.Create(
        KeyToken.CreateId(RandomNumberGenerator.GetBytes(KeyToken.IdRandomLength)), RandomNumberGenerator.GetBytes(KeyToken.SecretRandomLength));

    private Traffic Load(Func<int, string> key) => Traffic.Start(InFlight, lane => Samples.Ask(key(lane)), (_, request) => _server!.AskAsync(request));

    /// <summary>A key of a new policy; the server has it in memory, and spent nothing.</summary>
    private async Task<string> KeyAsync(string id, Action<Policy>? change = null)
    {
        await _server!.CreatePolicyAsync(AdminClients.Gold(policy =>
        {
            (policy.Id, policy.Rate, policy.Per, policy.QuotaMax) = (id, 100_000_000, 3600, -1);
            change?.Invoke(policy);
        }));
        string key = (await _server.CreateKeyAsync(id)).ApiKey;
        await InForce.OnAsync([_server], Samples.Ask(key), verdict => verdict is { Allowed: true, Degraded: false }, InForce.BoundWithoutPush);
        return key;
    }

    // How often each reason came, in the order of their first; all answers degraded.
    private async Task<List<(Reason Reason, int Count)>> AskAsync(string key, int times)
    {
        List<AuthorizeResponse> verdicts = [];
        for (int time = 0; time < times; time++)
        {
            verdicts.Add(await _server!.AskAsync(key));
        }

        Assert.All(verdicts, verdict => Assert.True(verdict.Degraded, $"{verdict}"));
        return [.. verdicts.GroupBy(verdict => verdict.Reason).Select(group => (group.Key, group.Count()))];
    }

    private Task UntilReadyNamesRedisAsync(string problem = "") => Eventually.IsAsync(
        async () =>
        {
            var readiness = await _server!.ReadinessAsync();
            Assert.Equal(HttpStatusCode.OK, readiness.Status);
            return readiness;
        },
        readiness => readiness.IsDegraded && readiness.Problems.GetValueOrDefault("redis")?.Contains(problem, StringComparison.Ordinal) == true,
        () => Task.FromResult(_server!.Output));

    private Task UntilMetricAsync(string name, string label = "", bool isZero = false) =>
        Eventually.IsAsync(() => _server!.MetricAsync(name, label), value => value == 0 == isZero, () => Task.FromResult($"{name}{{{label}}}\n{_server!.Output}"));
}
