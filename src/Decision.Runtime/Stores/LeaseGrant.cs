namespace Decision.Runtime.Stores;

/// <summary>The store's answer to a <see cref="LeaseOrder"/>.</summary>
/// <param name="IsKnown">
/// Whether the store still knew the lease; false = it begins with this, or, where units are kept, it ended there and they are counted as used.
/// </param>
/// <param name="Granted">Units granted beside those that were kept; 0 = none are free.</param>
/// <param name="Life">How long what was kept and granted may be used, counted from before it was asked for.</param>
/// <param name="Remaining">Units that are neither used nor out on leases.</param>
/// <param name="ResetUs">Microseconds until all of the limit is free again; 0 = it is, -1 = never.</param>
public readonly record struct LeaseGrant(bool IsKnown, long Granted, TimeSpan Life, long Remaining, long ResetUs);
