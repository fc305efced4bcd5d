using System.Collections.Concurrent;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Leases;

/// <summary>Asks the store for leases, beside the decisions: nobody waits for an answer.</summary>
internal sealed class LeaseCalls(ILeaseStore grants, TimeProvider time)
{
    private readonly ConcurrentDictionary<Task, byte> _asking = new();

    /// <summary>Asks, and lets each lease have its answer when it comes.</summary>
    /// <param name="orders">All of one subject.</param>
    /// <param name="now">The monotonic timestamp.</param>
    public void Ask(List<(Lease Lease, LeaseOrder Order)> orders, long now)
    {
        if (orders.Count == 0)
        {
            return;
        }

        Task asking = AskAsync(orders, now);
        if (!asking.IsCompleted)
        {
            _asking.TryAdd(asking, 0);
            _ = asking.ContinueWith(
                static (task, asking) => ((ConcurrentDictionary<Task, byte>)asking!).TryRemove(task, out _),
                _asking,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Waits until nothing is asked for any more.</summary>
    public async Task AnsweredAsync()
    {
        while (!_asking.IsEmpty)
        {
            await Task.WhenAll(_asking.Keys).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(List<(Lease Lease, LeaseOrder Order)> orders, long askedAt)
    {
        try
        {
            LeaseGrant[] granted = await grants.LeaseAsync([.. orders.Select(each => each.Order)], CancellationToken.None).ConfigureAwait(false);
            for (int i = 0; i < granted.Length; i++)
            {
                orders[i].Lease.Take(orders[i].Order, granted[i], askedAt);
            }
        }
        catch (StoreException)
        {
            // Counted as a failed call by the store; decisions go to it, and are answered by the failure policies.
            foreach ((Lease lease, _) in orders)
            {
                lease.Rest(time.GetTimestamp());
            }
        }
    }
}
