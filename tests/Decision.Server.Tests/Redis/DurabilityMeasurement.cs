using System.Globalization;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>How much of what was acknowledged is lost where Redis is not set to keep all: the numbers of docs/redis-promises.md.</summary>
[Collection(nameof(RedisProcesses))]
[Trait(RedisProcesses.Run, RedisProcesses.Measure)]
public sealed class DurabilityMeasurement(ITestOutputHelper output)
{
    private const int Rounds = 10;
    private const int Turns = 60;
    private const int TurnsCutOff = 30;
    private const string Patient = "Redis:Timeout=5s";

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public async Task Kill_of_the_process(string appendfsync)
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", appendfsync);
            await using var server = await Replica.StartAsync(redis.Address, Patient);
            var (ledger, writing) = await WriteAsync(server, Turns);
            await redis.KillAsync();
            await writing;
            await redis.RestartAsync();
            await server.UntilReadyAsync();
            await ReportAsync($"appendfsync {appendfsync}, kill -9 of Redis", ledger, server);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_with_asynchronous_replication(bool isCutOff)
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using var master = await DurableRedis.StartAsync();
            await using var standby = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {master.Port}");
            await Eventually.IsAsync(() => standby.CommandAsync("INFO", "replication"), text => text.Contains("master_link_status:up", StringComparison.Ordinal));
            await using var server = await Replica.StartAsync($"{master.Address},{standby.Address}", Patient);
            var (ledger, writing) = await WriteAsync(server, Turns);
            if (isCutOff)
            {
                // Standing still it cannot come back, and what it was sent before is still read later.
                standby.Pause();
                await master.CommandAsync("CLIENT", "KILL", "TYPE", "replica");
                await ledger.MoreAsync(TurnsCutOff);
            }

            await master.KillAsync();
            await writing;
            if (isCutOff)
            {
                standby.Resume();
            }

            await standby.CommandAsync("REPLICAOF", "NO", "ONE");
            await using var fresh = await Replica.StartAsync(standby.Address, Patient);
            await ReportAsync(isCutOff ? $"failover, the replica cut off for {TurnsCutOff} turns" : "failover, the replica connected", ledger, fresh);
        }
    }

    // Writes until enough turns were acknowledged, and goes on.
    private static async Task<(Ledger Ledger, Task Writing)> WriteAsync(Replica server, int turns)
    {
        Ledger ledger = new();
        await ledger.OpenAsync(server);
        var writing = ledger.WriteAsync([server, server, server, server]);
        await ledger.MoreAsync(turns);
        return (ledger, writing);
    }

    private async Task ReportAsync(string what, Ledger ledger, Replica server)
    {
        using var closing = ledger;
        var (policies, created, revoked, spent) = await ledger.LossesAsync(server);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {policies} of {ledger.Policies.Count} | {created} of {ledger.Created.Count} | {revoked} of {ledger.Revoked.Count} | {spent} of {ledger.Spent} |"));
    }
}
