using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>Does what it is asked, and while it is told to, loses the answer, as a network does.</summary>
internal sealed class LostAnswers(ILeaseStore store) : ILeaseStore
{
    public bool IsLosing { get; set; }

    public int Asked { get; private set; }

    public async ValueTask<LeaseGrant[]> LeaseAsync(IReadOnlyList<LeaseOrder> orders, CancellationToken cancellation)
    {
        Asked++;
        LeaseGrant[] grants = await store.LeaseAsync(orders, cancellation);
        return IsLosing ? throw new StoreException("lost") : grants;
    }
}
