using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Administration;

/// <summary>
/// Removes expired keys whose <c>post_expiry_action</c> says so. A decision does not wait for it: from the moment on that such a key is due, it is
/// unknown. This only takes its record and counters out of the store. Replicas that sweep one store at once remove each key once, and no
/// key that was changed meanwhile.
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
        Actor.Become(Actor.OfServer("expired keys"));

        // A policy that is not known yet may say that the key stays.
        catalog.ThrowIfStoreUnread();
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

            // A short page is no end: other replicas may have removed some of it while it was read.
            if (page.Count == 0)
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
#pragma warning disable CA1031 // Whatever one pass meets, the next one must still run, and the server with it.
            try
            {
                int removed = await SweepAsync(stoppingToken).ConfigureAwait(false);
                if (removed > 0)
                {
                    AdministrationLog.ExpiredKeysRemoved(log, removed);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                AdministrationLog.SweepFailed(log, exception);
            }
#pragma warning restore CA1031
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
