using System.Globalization;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Observation.Quotas;

/// <summary>
/// Asks the store of each threshold that was reached whether another server told of it already, or this one before it was started again; what
/// nobody did is logged, counted and raised.
/// </summary>
internal sealed class QuotaClaims(
    QuotaThresholds thresholds, IUsageStore store, IEnumerable<IQuotaEvents> receivers, QuotaMetrics metrics, ILogger<QuotaClaims> log) : IHostedService, IDisposable
{
    // Nobody asks for a period that never ends longer than this.
    private const long LongestUs = 400L * 86_400 * 1_000_000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly IQuotaEvents[] _receivers = [.. receivers];
    private bool _isDisposed;
    private Task _claiming = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _claiming = Task.Run(() => ClaimAllAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _claiming.ConfigureAwait(false);
    }

    // A start that failed elsewhere disposes without stopping.
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task ClaimAllAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var reached in thresholds.Reached.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                await ClaimAsync(reached, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task ClaimAsync(ReachedQuota reached, CancellationToken stopping)
    {
        var raised = reached.Event;
        long nowUs = raised.At.ToUnixTimeMilliseconds() * 1_000;
        long endsAtUs = reached.EndsAtUs == long.MaxValue ? nowUs + LongestUs : reached.EndsAtUs;

        // A period without end has one name, and so one claim, for as long as it is kept.
        long toleranceUs = reached.EndsAtUs == long.MaxValue ? LongestUs : ReachedQuota.ToleranceUs;
        try
        {
            if (!await store.ClaimAsync(NameOf(reached.Place), endsAtUs, toleranceUs, stopping).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (StoreException error)
        {
            thresholds.Forget(reached.Place);
            QuotaLog.Unclaimed(log, error.Message);
            return;
        }

        QuotaLog.Reached(log, raised.KeyId, raised.OrganizationId, raised.Scope, raised.Threshold, raised.Used, raised.Max);
        metrics.Reached(raised.IsUsedUp);
        foreach (var receiver in _receivers)
        {
            receiver.Raise(raised);
        }
    }

    private static string NameOf(QuotaPlace place) => string.Create(
        CultureInfo.InvariantCulture, $"{(int)place.Counter.Subject.Kind}/{place.Counter.Subject.Id}/{place.Counter.Name}/{place.Threshold:R}");
}
