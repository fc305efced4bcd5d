using System.Diagnostics;
using System.Globalization;
using Decision.Contracts.Admin.V1;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>How long a failover of a Sentinel set is felt, and how many spends it loses: the numbers of docs/redis-promises.md.</summary>
[Collection(nameof(RedisProcesses))]
[Trait(RedisProcesses.Run, RedisProcesses.Measure)]
public sealed class SentinelMeasurement(ITestOutputHelper output)
{
    private const int Rounds = 5;
    private const int InFlight = 32;
    private const int Before = 500;
    private const int After = 2_000;
    private const long Quota = 1_000_000_000;

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(true, 2, 1)]
    [InlineData(false, 1, 0)]
    [InlineData(false, 1, 1)]
    [InlineData(false, 2, 1)]
    [InlineData(false, 2, 2)]
    public async Task Failover(bool isKilled, int replicas, int minimum)
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using var set = await RedisSentinel.StartAsync(
                replicas, null, "--appendonly", "yes", "--min-replicas-to-write", minimum.ToString(CultureInfo.InvariantCulture));
            await using var first = await Replica.StartAsync(set.Address);
            await using var second = await Replica.StartAsync(set.Address);
            Replica[] servers = [first, second];
            await first.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("quota", -1, Quota)));
            var key = await first.CreateKeyAsync("quota");
            await InForce.OnAsync(servers, Samples.Ask(key.ApiKey), verdict => verdict.Allowed, InForce.BoundOfPush);
            var traffic = Traffic.Start(InFlight, _ => Samples.Ask(key.ApiKey), (lane, request) => servers[lane % 2].AskAsync(request));
            await traffic.UntilAsync(answer => answer.Verdict is { Allowed: true, Degraded: false }, Before);

            var old = await set.MasterAsync();
            long startedAt = Stopwatch.GetTimestamp();
            await (isKilled ? old.KillAsync() : set.FailOverAsync());
            await set.OtherMasterAsync(old);
            await traffic.UntilAsync(answer => answer.Verdict is { Allowed: true, Degraded: false }, After);
            var answers = await traffic.StopAsync();

            var used = await second.Keys.GetUsageAsync(new GetUsageRequest { KeyId = key.KeyId }, Replica.Admin);
            long lost = answers.Sum(answer => answer.Units) - used.Usages.Single(usage => usage.Name == "quota").Used;
            Answer[] felt = [.. answers.Where(answer => answer.SentAt > startedAt && answer.Verdict.Degraded)];
            double[] times = [.. felt.Select(answer => Stopwatch.GetElapsedTime(startedAt, answer.ReceivedAt).TotalMilliseconds).Order()];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(isKilled ? "kill -9 of the master" : "SENTINEL FAILOVER")}, {replicas} replica{(replicas > 1 ? "s" : "")}, min-replicas-to-write {minimum} | {(times.Length == 0 ? 0 : times[^1]):0} | {Math.Max(lost, 0)} | {answers.Max(answer => answer.Elapsed).TotalMilliseconds:0} |"));
        }
    }
}
