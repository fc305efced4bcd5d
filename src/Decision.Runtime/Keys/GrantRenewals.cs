namespace Decision.Runtime.Keys;

/// <summary>Has young objects collected while they are few, when many keys get new grants: an edit of a policy is followed by one for each of its keys.</summary>
/// <remarks>
/// A new grant is a young object that an old one points to. To find and to move it the collector needs some 15 us in a heap of gigabytes, whose objects lie
/// far from each other, and every decision waits for it: after as many allocations as usual that is several thousand grants. What it takes with and without
/// this: docs/performance.md, Scale.
/// </remarks>
/// <param name="heapBytes">How large the heap is.</param>
/// <param name="collect">Collects what is young.</param>
internal sealed class GrantRenewals(Func<long> heapBytes, Action collect)
{
    /// <summary>Grants that are collected together.</summary>
    public const int Few = 500;

    /// <summary>Bytes of a heap from which on its objects lie far from each other.</summary>
    public const long LargeHeap = 256L << 20;

    private uint _count;
    private long _collections;

    /// <summary>Those of this process, whose heap all share.</summary>
    public static GrantRenewals OfProcess { get; } = new(
        static () => GC.GetTotalMemory(forceFullCollection: false),
        CollectYoung);

    /// <summary>Collections that were asked for.</summary>
    public long Collections => Interlocked.Read(ref _collections);

    /// <summary>A key in memory got a new grant.</summary>
    public void Count()
    {
        if (Interlocked.Increment(ref _count) % Few == 0 && heapBytes() >= LargeHeap)
        {
            Interlocked.Increment(ref _collections);
            collect();
        }
    }

    // Where the whole heap is being collected in the background this does nothing: a blocking one would wait until that is done, for seconds.
    private static void CollectYoung() => GC.Collect(1, GCCollectionMode.Forced, blocking: false);
}
