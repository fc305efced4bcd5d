using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Observation;

public sealed class UsageTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 59, 55, TimeSpan.Zero);
    private static readonly long Hour = Start.ToUnixTimeSeconds() / 3600;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly UsageOptions _options = new() { Days = 30, FlushInterval = TimeSpan.FromSeconds(10) };
    private readonly LogBook _log = new();
    private readonly UsageMetrics _metrics;
    private readonly UsageCounts _counts;

    public UsageTests()
    {
        _metrics = new UsageMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        _counts = new UsageCounts(_metrics);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_request_counts_for_its_key_its_policies_and_its_API()
    {
        var grant = Observed.Grant("k", policies: ["gold", "silver"]);
        Count(Observed.Verdict(Reason.Allowed, grant), 3);
        Count(Observed.Verdict(Reason.RateLimited, grant), 2);
        Count(Observed.Verdict(Reason.KeyUnknown, api: Observed.Api("orders")), 1);

        Assert.Equal(
            ["Api orders 3 3", "Key k 3 2", "Policy gold 3 2", "Policy silver 3 2"],
            Told(_counts.Take(Hour)));
        Assert.Empty(_counts.Take(Hour));
    }

    [Fact]
    public void What_a_caller_names_without_a_record_or_a_right_is_no_API()
    {
        Count(Observed.Verdict(Reason.KeyUnknown), 1, "anything");
        Count(Observed.Verdict(Reason.ApiNotGranted, Observed.Grant("k")) with { ApiGrant = null }, 1, "anything-else");

        Assert.Equal(["Key k 0 1"], Told(_counts.Take(Hour)));
    }

    [Fact]
    public void A_key_whose_policies_change_counts_for_those_that_it_had()
    {
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k", policies: "gold")), 2);
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k", policies: "gold")), 1);
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k", policies: "silver")), 4);

        Assert.Equal(["Api orders 7 0", "Key k 7 0", "Policy gold 3 0", "Policy silver 4 0"], Told(_counts.Take(Hour)));
    }

    [Fact]
    public async Task What_came_before_the_hour_ended_counts_in_it()
    {
        var store = new FailingUsageStore();
        using var flush = Flush(store);
        var flushed = Flushed(flush);
        await flush.StartAsync(CancellationToken.None);
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k")), 1);

        _time.Advance(TimeSpan.FromSeconds(5));
        await flushed.Task;
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k")), 2);
        await flush.StopAsync(CancellationToken.None);

        Assert.Equal([(Hour, 1L), (Hour + 1, 2L)], store.Added.SelectMany(batch => batch.Counts).Where(count => count.Kind == UsageKind.Key).Select(count => (count.Hour, count.Allowed)));
    }

    [Fact]
    public async Task A_batch_that_got_no_answer_is_tried_again_under_its_name_and_before_later_ones()
    {
        var store = new FailingUsageStore { IsFailing = true };
        using var flush = Flush(store);
        var first = Flushed(flush);
        await flush.StartAsync(CancellationToken.None);
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k1")), 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        await first.Task;
        Count(Observed.Verdict(Reason.Allowed, Observed.Grant("k2")), 1);
        store.IsFailing = false;

        await flush.StopAsync(CancellationToken.None);

        Assert.Equal(["k1", "k2"], store.Added.Select(batch => batch.Counts.Single(count => count.Kind == UsageKind.Key).Id));
        Assert.Equal(store.Tried[0], store.Added[0].Name);
        Assert.Single(_log.Of("UsageFailed"));
        Assert.Single(_log.Of("UsageAnswers"));
    }

    [Fact]
    public async Task History_has_every_hour_and_refuses_what_makes_no_sense()
    {
        var store = new FailingUsageStore { Stored = [new UsageCount(UsageKind.Key, "k", Hour - 2, 5, 1)] };
        var history = new UsageHistory(store, _options, _time);

        var day = await history.ReadAsync(UsageKind.Key, "k", null, null, CancellationToken.None);
        var three = await history.ReadAsync(UsageKind.Key, "k", Start.AddHours(-2), Start, CancellationToken.None);

        Assert.Equal(25, day.Count);
        Assert.Equal([(Hour - 2, 5L, 1L), (Hour - 1, 0L, 0L), (Hour, 0L, 0L)], three.Select(hour => (hour.Hour, hour.Allowed, hour.Refused)));
        await RefusesAsync(history, Start, Start, "start");
        await RefusesAsync(history, Start.AddDays(-60), Start, "start");
        var off = await Assert.ThrowsAsync<AdministrationException>(
            () => new UsageHistory(store, new UsageOptions(), _time).ReadAsync(UsageKind.Key, "k", null, null, CancellationToken.None).AsTask());
        Assert.Equal(AdministrationError.FailedPrecondition, off.Error);
        Assert.Contains("Usage:Days", off.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_hours_add_up_and_come_back()
    {
        byte[] packed = UsageHours.Add(UsageHours.Add(UsageHours.Add([], 7, 1, 2), 0, 3, 0), 7, 1L << 47, 5);

        Assert.Equal(26, packed.Length);
        Assert.Equal(
            [new UsageCount(UsageKind.Key, "k", 31, (1L << 47) + 1, 7), new UsageCount(UsageKind.Key, "k", 24, 3, 0)],
            UsageHours.Of(UsageKind.Key, "k", 1, packed));
        Assert.Equal((1L << 48) - 1, UsageHours.Of(UsageKind.Key, "k", 1, UsageHours.Add(packed, 7, long.MaxValue / 2, 0))[0].Allowed);
    }

    private static async Task RefusesAsync(UsageHistory history, DateTimeOffset start, DateTimeOffset end, string field)
    {
        var refused = await Assert.ThrowsAsync<AdministrationException>(() => history.ReadAsync(UsageKind.Key, "k", start, end, CancellationToken.None).AsTask());
        Assert.Equal(field, refused.Findings[0].Field);
    }

    private static TaskCompletionSource Flushed(UsageFlush flush)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flush.Flushed += () => flushed.TrySetResult();
        return flushed;
    }

    private UsageFlush Flush(IUsageStore store) => new(_counts, store, _options, _metrics, _time, new RecordingLogger<UsageFlush>(_log));

    private void Count(Verdict verdict, int times, string api = "orders")
    {
        var call = Observed.Call(api);
        for (int time = 0; time < times; time++)
        {
            _counts.Count(in call, in verdict);
        }
    }

    private static IEnumerable<string> Told(IEnumerable<UsageCount> counts) =>
        counts.Select(count => $"{count.Kind} {count.Id} {count.Allowed} {count.Refused}").Order(StringComparer.Ordinal);
}
