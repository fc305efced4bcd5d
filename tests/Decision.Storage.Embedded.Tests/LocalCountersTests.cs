using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>Counters that stand in while a shared store fails.</summary>
public sealed class LocalCountersTests
{
    // Only so that a test that waits in vain ends; nothing is measured.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly LocalCounters _counters;

    public LocalCountersTests() => _counters = new LocalCounters(_time, NullLogger<EmbeddedCounterStore>.Instance);

    [Fact]
    public void Spend_counts_and_refuses_as_the_store_does()
    {
        Spending one = Spend(Rate(Key("k1"), "rate", 2), Quota(Key("k1"), "quota", 9));

        bool[] refused = [.. Enumerable.Range(0, 3).Select(_ => _counters.Spend(one).Outcomes[0].Refused)];

        Assert.Equal([false, false, true], refused);
        Assert.Equal(7, _counters.Spend(one).Outcomes[1].Remaining);
    }

    [Fact]
    public void Spend_with_an_idempotency_key_spends_once_and_tells_another_request_from_it()
    {
        Spending first = Spend(Quota(Key("k1"), "quota", 9)) with { IdempotencyKey = "i", RequestHash = 1, KeyId = "k1" };

        _counters.Spend(first);
        SpendResult again = _counters.Spend(first);
        SpendResult other = _counters.Spend(first with { RequestHash = 2 });

        Assert.Equal((true, 8L), (again.IsReplay, again.Outcomes[0].Remaining));
        Assert.Equal(SpendStatus.IdempotencyConflict, other.Status);
    }

    [Fact]
    public async Task A_sweep_lets_go_of_what_no_longer_counts_and_after_a_day_of_any_quota()
    {
        _counters.Spend(Spend(Rate(Key("rate"), "rate", 2, 60)));
        _counters.Spend(Spend(Quota(Key("hour"), "quota", 2, 3600)));
        _counters.Spend(Spend(MonthlyQuota(Key("month"), "quota", 2)));
        await _counters.SweepAsync(CancellationToken.None);
        Assert.Equal(3, _counters.Count);

        _time.Advance(TimeSpan.FromSeconds(61));
        await _counters.SweepAsync(CancellationToken.None);
        Assert.Equal(2, _counters.Count);

        _time.Advance(TimeSpan.FromHours(2));
        await _counters.SweepAsync(CancellationToken.None);
        Assert.Equal(1, _counters.Count);
        Assert.Equal(0, _counters.Spend(Spend(MonthlyQuota(Key("month"), "quota", 2))).Outcomes[0].Remaining);

        _time.Advance(LocalCounters.IdleQuota);
        await _counters.SweepAsync(CancellationToken.None);
        Assert.Equal(0, _counters.Count);
    }

    [Fact]
    public async Task AddLocalCounters_sweeps_by_itself_and_needs_no_database()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddLocalCounters();
        using IHost host = builder.Build();
        using SemaphoreSlim swept = new(0);
        host.Services.GetServices<IHostedService>().OfType<LocalCountersService>().Single().Swept += () => swept.Release();
        await host.StartAsync();
        ILocalCounters counters = host.Services.GetRequiredService<ILocalCounters>();
        counters.Spend(Spend(Rate(Key("k1"), "rate", 2, 1)));

        _time.Advance(EmbeddedStorageService.SweepInterval);

        Assert.True(await swept.WaitAsync(Patience));
        Assert.Equal(0, ((LocalCounters)counters).Count);
        Assert.Null(host.Services.GetService<ICounterStore>());
        await host.StopAsync();
    }
}
