using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Administration;

/// <summary>
/// Removes expired keys whose <c>post_expiry_action</c> says so. A decision does not wait for it: from the moment on that such a key is due, it is
/// unknown. This only takes its record and counters off the disk.
/// </summary>
internal sealed class ExpiredKeySweep(
    KeyAdministration keys, IKeyStore store, Catalog catalog, TimeProvider time, ILogger<ExpiredKeySweep> log) : BackgroundService
{
    /// <summary>How often all keys are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int PageSize = 500;

    /// <summary>Looks at every key once.</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        int removed = 0;
        string after = "";
        while (true)
        {
            var page = await store.ListAsync(KeyFilter.All, after, PageSize, cancellation).ConfigureAwait(false);
            foreach (var record in page)
            {
                if (MayBeDue(record.Key) && IsDue(keys.Preview(record.Key)) && await RemoveAsync(record, cancellation).ConfigureAwait(false))
                {
                    removed++;
                }
            }

            if (page.Count < PageSize)
            {
                return removed;
            }

            after = page[^1].Key.Id;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                int removed = await SweepAsync(stoppingToken).ConfigureAwait(false);
                if (removed > 0)
                {
                    AdministrationLog.ExpiredKeysRemoved(log, removed);
                }
            }
            catch (StoreException exception)
            {
                AdministrationLog.SweepFailed(log, exception);
            }
        }
    }

    // Most keys are never due: they are not merged for this.
    private bool MayBeDue(Key key)
    {
        var policies = catalog.Rules.Policies;
        return key.PostExpiryAction.Length > 0
            || key.ApplyPolicies.Any(id => policies.Find(id) is { Policy.PostExpiryAction.Length: > 0 });
    }

    private bool IsDue(MergedKey merged) => merged.RemovedAt > 0 && time.NowUs() > merged.RemovedAt * 1_000_000;

    private async Task<bool> RemoveAsync(KeyRecord record, CancellationToken cancellation)
    {
        try
        {
            // By its etag: a key that was given more time meanwhile stays.
            await keys.DeleteAsync(record.Key.Id, KeyEtag.Write(record.Version), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (AdministrationException)
        {
            return false;
        }
    }
}
