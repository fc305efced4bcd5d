using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>What a replica tells and asks of its lease of one counter.</summary>
/// <param name="Charge">The counter, and the limit that it is measured by.</param>
/// <param name="Id">The lease, as this replica named it at random.</param>
/// <param name="Number">Counts the orders of a lease from 1, so that one that comes late does nothing.</param>
/// <param name="Used">Units used since the lease began: one that is told twice counts once.</param>
/// <param name="UsedAgo">How long ago the last of them was used.</param>
/// <param name="Keeps">Units of it that the replica goes on with.</param>
/// <param name="Wants">Units that it wants beside these; 0 = none.</param>
/// <param name="Life">How long it may use them, counted from before it asks.</param>
public readonly record struct LeaseOrder(Charge Charge, ulong Id, long Number, long Used, TimeSpan UsedAgo, long Keeps, long Wants, TimeSpan Life);
