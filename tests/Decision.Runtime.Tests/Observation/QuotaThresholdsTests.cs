using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Runtime.Observation.Quotas;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Observation;

/// <summary>An event once for each threshold in each period, whoever sees it.</summary>
public sealed class QuotaThresholdsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FailingUsageStore _store = new();
    private readonly LogBook _log = new();
    private readonly Receiver _receiver = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Thresholds_of_server_and_key_are_reached_once_each_in_a_period()
    {
        var thresholds = new QuotaThresholds([80, 100], _time);
        var grant = Observed.Grant("k", triggers: [50]);

        Look(thresholds, Observed.Used(grant, 49));
        Assert.Empty(Reached(thresholds));
        Look(thresholds, Observed.Used(grant, 50));
        Look(thresholds, Observed.Used(grant, 51));
        Assert.Equal([50], Reached(thresholds));
        Look(thresholds, Observed.Used(grant, 100));
        Look(thresholds, Observed.Used(grant, 100, isRefused: true));
        Assert.Equal([80, 100], Reached(thresholds));

        // What is left of the period is reckoned anew each time, and may differ by a moment.
        _time.Advance(TimeSpan.FromMinutes(10));
        Look(thresholds, Observed.Used(grant, 100, secondsLeft: 3001, isRefused: true));
        Assert.Empty(Reached(thresholds));
        _time.Advance(TimeSpan.FromHours(1));
        Look(thresholds, Observed.Used(grant, 90));
        Assert.Equal([50, 80], Reached(thresholds).Order());
    }

    [Fact]
    public void Quotas_of_organisations_have_the_thresholds_of_the_server_alone()
    {
        var thresholds = new QuotaThresholds([80], _time);

        Look(thresholds, Observed.Used(Observed.Grant("k", triggers: [10]), 85, subject: SubjectKind.Organization));

        Assert.Equal([80], Reached(thresholds));
    }

    [Fact]
    public void What_was_not_spent_or_not_counted_by_the_store_reaches_nothing()
    {
        var thresholds = new QuotaThresholds([80], _time);
        var grant = Observed.Grant("k");

        Look(thresholds, Observed.Used(grant, 85) with { IsDegraded = true });
        Look(thresholds, Observed.Used(grant, 85) with { IsAllowed = false, Reason = Reason.RateLimited });
        Look(new QuotaThresholds([], _time), Observed.Used(grant, 100));

        Assert.Empty(Reached(thresholds));
    }

    [Fact]
    public async Task What_two_servers_see_is_told_by_one()
    {
        var (one, other) = (new QuotaThresholds([80], _time), new QuotaThresholds([80], _time));
        using var first = Claims(one);
        using var second = Claims(other);
        await first.StartAsync(CancellationToken.None);
        await second.StartAsync(CancellationToken.None);
        var grant = Observed.Grant("k", policies: "gold");

        Look(one, Observed.Used(grant, 80));
        Look(other, Observed.Used(grant, 81));
        var raised = await _receiver.Events.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await first.StopAsync(CancellationToken.None);
        await second.StopAsync(CancellationToken.None);

        Assert.Equal(("k", "acme", 80.0, 100L, "key"), (raised.KeyId, raised.OrganizationId, raised.Threshold, raised.Max, raised.Origin));
        Assert.InRange(raised.Used, 80, 81);
        Assert.Equal(_time.GetUtcNow().AddHours(1), raised.PeriodEnd);
        Assert.False(_receiver.Events.Reader.TryRead(out _));
        Assert.Single(_log.Of("QuotaReached"));
    }

    [Fact]
    public async Task What_the_store_did_not_answer_is_asked_again_at_the_next_request()
    {
        var thresholds = new QuotaThresholds([80], _time);
        using var claims = Claims(thresholds);
        _store.IsFailing = true;
        await claims.StartAsync(CancellationToken.None);
        Look(thresholds, Observed.Used(Observed.Grant("k"), 80));
        await UntilAsync(() => _log.Of("QuotaUnclaimed").Length == 1);
        _store.IsFailing = false;

        Look(thresholds, Observed.Used(Observed.Grant("k"), 81));

        Assert.Equal(81, (await _receiver.Events.Reader.ReadAsync(TestContext.Current.CancellationToken)).Used);
        await claims.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_quota_that_never_renews_is_told_of_once()
    {
        var thresholds = new QuotaThresholds([100], _time);
        using var claims = Claims(thresholds);
        await claims.StartAsync(CancellationToken.None);
        Look(thresholds, Observed.Used(Observed.Grant("k"), 100, secondsLeft: -1));
        _time.Advance(TimeSpan.FromDays(100));
        Look(thresholds, Observed.Used(Observed.Grant("k"), 100, secondsLeft: -1, isRefused: true));

        var raised = await _receiver.Events.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await claims.StopAsync(CancellationToken.None);

        Assert.Null(raised.PeriodEnd);
        Assert.False(_receiver.Events.Reader.TryRead(out _));
    }

    private static void Look(QuotaThresholds thresholds, Verdict verdict) => thresholds.Look(in verdict);

    private static List<double> Reached(QuotaThresholds thresholds)
    {
        var reached = new List<double>();
        while (thresholds.Reached.TryRead(out var one))
        {
            reached.Add(one.Event.Threshold);
        }

        return reached;
    }

    private static async Task UntilAsync(Func<bool> isReached)
    {
        while (!isReached())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private QuotaClaims Claims(QuotaThresholds thresholds) => new(
        thresholds, _store, [_receiver], new QuotaMetrics(_services.GetRequiredService<IMeterFactory>()), new RecordingLogger<QuotaClaims>(_log));

    private sealed class Receiver : IQuotaEvents
    {
        public Channel<QuotaEvent> Events { get; } = Channel.CreateUnbounded<QuotaEvent>();

        public void Raise(QuotaEvent raised) => Events.Writer.TryWrite(raised);
    }
}
