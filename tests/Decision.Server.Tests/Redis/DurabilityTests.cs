using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>With appendfsync always, what was acknowledged is there after kill -9 of Redis and of the servers, whatever was being written then.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class DurabilityTests
{
    // With what a busy machine takes for a write to its disk, none is given up before it is acknowledged.
    private const string Patient = "Redis:Timeout=5s";

    [Fact]
    public async Task Killed_at_a_random_moment_finds_every_acknowledged_write_and_spend_again()
    {
        int moment = Random.Shared.Next(20, 60);
        await using var redis = await DurableRedis.StartAsync();
        using Ledger ledger = new();
        await using (var first = await Replica.StartAsync(redis.Address, Patient))
        await using (var second = await Replica.StartAsync(redis.Address, Patient))
        {
            await ledger.OpenAsync(first);
            var writing = ledger.WriteAsync([first, second, first, second]);
            await ledger.MoreAsync(moment);

            // The writers are in the middle of their calls.
            await Task.WhenAll(redis.KillAsync(), first.KillAsync(), second.KillAsync());
            await writing;
        }

        await redis.RestartAsync();
        await using var again = await Replica.StartAsync(redis.Address, Patient);

        Assert.Equal((0, 0, 0, 0), await ledger.LossesAsync(again));
        Assert.InRange(await ledger.UsedAsync(again), ledger.Spent, ledger.Attempted);
    }

    [Fact]
    public async Task Redis_killed_alone_is_found_again_by_servers_that_went_on()
    {
        await using var redis = await DurableRedis.StartAsync();
        await using var first = await Replica.StartAsync(redis.Address, Patient);
        await using var second = await Replica.StartAsync(redis.Address, Patient);
        using Ledger ledger = new();
        await ledger.OpenAsync(first);
        var writing = ledger.WriteAsync([first, second]);
        await ledger.MoreAsync(Random.Shared.Next(10, 30));
        await redis.KillAsync();
        await writing;
        await redis.RestartAsync();

        await first.UntilReadyAsync();
        await second.UntilReadyAsync();
        Assert.Equal((0, 0, 0, 0), await ledger.LossesAsync(first));
        Assert.Equal((0, 0, 0, 0), await ledger.LossesAsync(second));
        Assert.InRange(await ledger.UsedAsync(second), ledger.Spent, ledger.Attempted);
    }
}
