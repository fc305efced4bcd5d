using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.Storage.Redis.Trimming;
using Decision.TestKit.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using static Decision.Storage.Redis.Tests.Trimming.TrimmedStore;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Trimming;

/// <summary>Who sweeps, when, and what a Redis that fails means for it.</summary>
public class TrimTurnTests(SharedRedis shared)
{
    [Fact]
    public async Task One_of_two_replicas_sweeps_until_its_turn_runs_out()
    {
        string prefix = SharedRedis.NewPrefix();
        await using TrimmedStore one = await OpenAsync(shared.Server.Address, prefix: prefix);
        await using TrimmedStore other = await OpenAsync(shared.Server.Address, one.Time, prefix);
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        TrimReport?[] first = await Task.WhenAll(one.Get<CounterTrim>().SweepAsync(cancellation), other.Get<CounterTrim>().SweepAsync(cancellation));

        Assert.Single(first, report => report is not null);
        (TrimmedStore holder, TrimmedStore waiting) = first[0] is not null ? (one, other) : (other, one);
        Assert.NotNull(await holder.Get<CounterTrim>().SweepAsync(cancellation));
        Assert.Null(await waiting.Get<CounterTrim>().SweepAsync(cancellation));
        TimeSpan? left = await one.Database.KeyTimeToLiveAsync(one.Get<RedisKeys>().TrimTurn);
        Assert.InRange(left!.Value, TrimTurn.Lease / 2, TrimTurn.Lease);
        Assert.True(TrimTurn.Lease < CounterTrimService.Interval);

        await one.Database.KeyDeleteAsync(one.Get<RedisKeys>().TrimTurn);
        Assert.NotNull(await waiting.Get<CounterTrim>().SweepAsync(cancellation));
        Assert.Null(await holder.Get<CounterTrim>().SweepAsync(cancellation));
    }

    [Fact]
    public async Task A_server_that_has_the_store_trims()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);

        Assert.Single(store.Get<IEnumerable<IHostedService>>(), service => service is CounterTrimService);
    }

    [Fact]
    public async Task A_sweep_ends_that_lost_its_turn()
    {
        string prefix = SharedRedis.NewPrefix();
        SteppingTime time = new();
        await using TrimmedStore store = await OpenAsync(shared.Server.Address, prefix: prefix, replace: services => services.AddSingleton<TimeProvider>(time));
        for (int i = 0; i < 60; i++)
        {
            await store.SpendAsync(Rate(Key("k" + i), "rate", 10));
        }

        store.Time.NowUs += 3 * DayUs;

        // Once it has the turn, an hour passes at each look at the clock, and another replica takes the turn.
        time.OnRead = () => store.Database.StringSet(store.Get<RedisKeys>().TrimTurn, "another", when: When.Exists);
        TrimReport report = await store.SweepAsync();
        time.OnRead = null;

        Assert.InRange(report.Trimmed, 0, 59);
    }

    [Fact]
    public async Task Turns_come_by_themselves_and_one_that_fails_is_told_once_and_followed_by_the_next()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        FakeTimeProvider time = new();
        RecordingLog<CounterTrimService> log = new();
        await using TrimmedStore store = await OpenAsync(redis.Address);
        await store.SpendAsync(Rate(Key("k"), "rate", 10));
        await store.Database.HashSetAsync(store.NameOf(Key("bad")), "c/rate", "?");
        store.Time.NowUs += 3 * DayUs;
        using CounterTrimService service = new(store.Get<CounterTrim>(), time, log);
        await redis.CommandAsync("ACL", "SETUSER", "default", "-hscan");
        await service.StartAsync(CancellationToken.None);
        Assert.Empty(log.Names);

        await PassAsync(() => log.Names.Length > 0);
        Assert.Equal(["RedisTrimFailed"], log.Names);
        Assert.Contains("ACL", log.Lines[0].Text);
        await redis.CommandAsync("ACL", "SETUSER", "default", "+hscan");
        await PassAsync(() => log.Names.Length > 2);
        await service.StopAsync(CancellationToken.None);

        Assert.Equal(["RedisTrimFailed", "RedisCountersTrimmed", "RedisCountersDamaged"], log.Names[..3]);
        Assert.Empty(await store.FieldsAsync(Key("k")));

        async Task PassAsync(Func<bool> hasEnded)
        {
            for (int i = 0; !hasEnded(); i++)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                await redis.CommandAsync("PING");
                Assert.True(i < 2_000, "No turn ended.");
            }
        }
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_Redis_that_stands_still()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        FakeTimeProvider time = new();
        RecordingLog<CounterTrimService> log = new();
        await using RedisStore store = await RedisStore.OpenAsync(redis, options => options.AdminTimeout = TimeSpan.FromMinutes(5));
        using CounterTrimService service = new(store.Get<CounterTrim>(), time, log);
        await service.StartAsync(CancellationToken.None);
        redis.Pause();
        time.Advance(2 * CounterTrimService.Delay);
        while (store.Connection.Multiplexer.GetCounters().TotalOutstanding == 0)
        {
            await Task.Yield();
        }

        await service.StopAsync(CancellationToken.None);

        using CancellationTokenSource stopping = new();
        Task walk = Task.Run(async () =>
        {
            await foreach (var page in store.Get<SubjectScan>().PagesAsync(stopping.Token))
            {
                Assert.Empty(page);
            }
        });
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => walk);
        redis.Resume();
        Assert.Empty(log.Names);
    }

    [Fact]
    public async Task A_Redis_that_is_gone_fails_a_sweep_and_the_next_one_goes_on()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using TrimmedStore store = await OpenAsync(redis.Address);
        await store.SpendAsync(Rate(Key("k"), "rate", 10));
        store.Time.NowUs += 3 * DayUs;
        await redis.KillAsync();
        await Assert.ThrowsAsync<StoreException>(async () => await store.SweepAsync());
        await redis.RestartAsync();

        TrimReport? report = null;
        for (int i = 0; report is null; i++)
        {
            try
            {
                report = await store.SweepAsync();
            }
            catch (StoreException) when (i < 2_000)
            {
                await redis.CommandAsync("PING");
            }
        }

        Assert.Equal(new TrimReport(1, 0), report);
    }

    /// <summary>An hour passes with each reading, while it is asked to.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _hours;

        public Action? OnRead { get; set; }

        public override long GetTimestamp()
        {
            if (OnRead is { } act)
            {
                act();
                _hours++;
            }

            return base.GetTimestamp() + (_hours * 3600 * TimestampFrequency);
        }
    }
}
