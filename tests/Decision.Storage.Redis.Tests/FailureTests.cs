using System.Diagnostics;
using System.Diagnostics.Metrics;
using Decision.Engine.Charges;
using Decision.Runtime.Metrics;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.TestKit.Redis;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests;

/// <summary>A Redis that fails gives an answer, not a delay; and a Redis that answers again is used again.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    /// <summary>Ten times what is promised: the machine may be busy.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

    private readonly Charge _rate = Rate(Key("k"), "rate", 1_000_000);
    private RedisServer? _redis;
    private RedisStore? _store;

    private ICounterStore Counters => _store!.Get<ICounterStore>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _store = await RedisStore.OpenAsync(_redis, options => options.Timeout = TimeSpan.FromMilliseconds(50));
        await UntilAnsweredAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        await _redis!.DisposeAsync();
    }

    [Fact]
    public async Task A_spending_that_was_done_after_its_caller_gave_up_is_counted_as_uncertain()
    {
        await using RedisStore patient = await RedisStore.OpenAsync(_redis!);
        long uncertain = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == patient.Get<IMeterFactory>() && instrument.Name == "decision.store.uncertain")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref uncertain, count));
        listener.Start();
        Charge rate = Rate(Key("impatient"), "rate", 10);
        SpendResult? late = null;
        while (late is null)
        {
            using CancellationTokenSource caller = new();
            _redis!.Pause();
            ValueTask<SpendResult> spending = patient.Get<ICounterStore>().SpendAsync(Spend(rate), caller.Token);
            await caller.CancelAsync();
            _redis.Resume();
            try
            {
                late = await spending;
            }
            catch (OperationCanceledException)
            {
                // It waited behind another call and was not sent: nothing was spent, and nothing is uncertain.
            }
        }

        Assert.Equal(1, late.Value.Outcomes[0].Used);
        Assert.Equal(1, Interlocked.Read(ref uncertain));
    }

    [Fact]
    public async Task A_Redis_that_stands_still_costs_each_decision_its_deadline_at_most_and_is_counted_as_uncertain()
    {
        long uncertain = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == DecisionMetrics.MeterName && instrument.Name == "decision.store.uncertain")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref uncertain, count));
        listener.Start();
        _redis!.Pause();

        (string Message, TimeSpan Elapsed)[] failures = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Task.Run(FailAsync)));
        _redis.Resume();

        Assert.All(failures, failure => Assert.InRange(failure.Elapsed, TimeSpan.Zero, Bound));
        Assert.Contains(failures, failure => failure.Message.Contains("may have been done", StringComparison.Ordinal));

        // Those that were sent, and not those that still waited to be.
        Assert.InRange(Interlocked.Read(ref uncertain), 1, 400);
        await UntilAnsweredAsync();
        Assert.InRange((await Counters.ReadAsync([_rate], CancellationToken.None))[0].Used, 1, 402 + uncertain);
    }

    [Fact]
    public async Task A_Redis_that_was_killed_fails_at_once_and_is_used_again_when_it_is_back()
    {
        await _redis!.KillAsync();

        for (int i = 0; i < 30; i++)
        {
            (_, TimeSpan elapsed) = await FailAsync();
            Assert.InRange(elapsed, TimeSpan.Zero, Bound);
        }

        await _redis.RestartAsync();
        await UntilAnsweredAsync();
        Assert.Null(_store!.Get<RedisCalls>().Problem);
    }

    [Fact]
    public async Task A_script_that_does_not_end_is_told_and_outlived()
    {
        await _redis!.CommandAsync("CONFIG", "SET", "busy-reply-threshold", "20");
        Task<string> stuck = RedisCli.TryRunAsync(_redis.Port, "EVAL", "while true do end", "0");
        string told = "";
        while (!told.Contains("SCRIPT KILL", StringComparison.Ordinal))
        {
            (told, TimeSpan elapsed) = await FailOrCountAsync();
            Assert.InRange(elapsed, TimeSpan.Zero, Bound);
        }

        await _redis.CommandAsync("SCRIPT", "KILL");
        await stuck;
        await UntilAnsweredAsync();
    }

    [Fact]
    public async Task A_Redis_without_memory_is_told_and_counts_nothing()
    {
        await _redis!.CommandAsync("CONFIG", "SET", "maxmemory", "1");
        Charge other = Rate(Key("other"), "rate", 10);

        StoreException error = await Assert.ThrowsAsync<StoreException>(async () => await Counters.SpendAsync(Spend(other), CancellationToken.None));

        Assert.Contains("maxmemory", error.Message);
        await _redis.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await UntilAnsweredAsync();
        Assert.Equal(0, (await Counters.ReadAsync([other], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task A_Redis_that_became_a_replica_is_told_and_used_again_when_it_takes_writes()
    {
        await using RedisServer master = await RedisServer.StartAsync();
        await _redis!.CommandAsync("REPLICAOF", "127.0.0.1", master.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        (string message, TimeSpan elapsed) = await FailAsync();

        Assert.NotEqual("", message);
        Assert.InRange(elapsed, TimeSpan.Zero, Bound);
        await _redis.CommandAsync("REPLICAOF", "NO", "ONE");
        await UntilAnsweredAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await using RedisServer locked = await RedisServer.StartAsync("--requirepass", "right");
        await using RedisStore store = await RedisStore.OpenAsync(locked.Address + ",password=wrong");

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await store.Get<ICounterStore>().SpendAsync(Spend(_rate), CancellationToken.None));

        Assert.DoesNotContain("wrong", error.Message);
        Assert.DoesNotContain("right", error.ToString());
    }

    [Fact]
    public async Task Who_gave_up_before_it_was_sent_is_not_charged()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Counters.SpendAsync(Spend(Rate(Key("gone"), "rate", 10)), new CancellationToken(canceled: true)));

        Assert.Equal(0, (await Counters.ReadAsync([Rate(Key("gone"), "rate", 10)], CancellationToken.None))[0].Used);
    }

    private async Task<(string Message, TimeSpan Elapsed)> FailAsync()
    {
        (string message, TimeSpan elapsed) = await FailOrCountAsync();
        Assert.NotEqual("", message);
        return (message, elapsed);
    }

    private async Task<(string Message, TimeSpan Elapsed)> FailOrCountAsync()
    {
        long startedAt = Stopwatch.GetTimestamp();
        try
        {
            await Counters.SpendAsync(Spend(_rate), CancellationToken.None);
            return ("", Stopwatch.GetElapsedTime(startedAt));
        }
        catch (StoreException error)
        {
            return (error.Message, Stopwatch.GetElapsedTime(startedAt));
        }
    }

    /// <summary>Asks until an answer comes; each refusal takes its time, so it is no busy loop.</summary>
    private async Task UntilAnsweredAsync()
    {
        while (true)
        {
            try
            {
                await Counters.SpendAsync(Spend(_rate), CancellationToken.None);
                return;
            }
            catch (StoreException)
            {
                await Task.Yield();
            }
        }
    }
}
