using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decision.Engine.Keys;

namespace Decision.Engine.Grants;

/// <summary>
/// Rights that are the same for every key with the same policies. Most keys say nothing on access and limits themselves: a million of
/// them then hold one copy, and a changed policy is merged and compiled once for all of its keys.
/// </summary>
/// <remarks>Nothing is kept alive here: rights go with the last grant that uses them, and with the policy.</remarks>
internal sealed class SharedRights
{
    // Lists that begin with the same policy; when there are more, they replace each other and are only merged more often.
    private const int MostLists = 65_536;
    private const int FewestLists = 16;
    private const int MostProbes = 8;

    private static readonly ConditionalWeakTable<PolicyEntry, SharedRights> ByFirst = [];

    private readonly Lock _gate = new();

    // A hash table whose size is a power of two: a list lies in one of the places from its hash on. Replaced whole when it grows.
    private WeakReference<MergedRights>?[] _lists = new WeakReference<MergedRights>?[FewestLists];

    /// <summary>The rights of a key that are in force with its policies.</summary>
    public static MergedRights Of(Key key, ImmutableArray<PolicyEntry> entries, GrantOptions options)
    {
        if (entries.IsEmpty || SaysSomething(key))
        {
            return RightMerge.All(key, entries, options);
        }

        var lists = ByFirst.GetValue(entries[0], static _ => new SharedRights());
        if (lists.Find(entries, options) is { } known)
        {
            return known;
        }

        // Two threads may merge the same at once: both results are right, and one is found from then on.
        var merged = RightMerge.All(key, entries, options);
        lists.Add(merged);
        return merged;
    }

    /// <summary>Whether its rights depend on anything of the key beside the list of its policies.</summary>
    public static bool SaysSomething(Key key) =>
        key.AccessRights.Count > 0
        || key.Behavior != default
        || key.Limits is not { Rate.IsSet: false, Quota.IsSet: false, MaxQueryDepth: 0, ThrottleInterval: 0, ThrottleRetryLimit: 0 };

    private MergedRights? Find(ImmutableArray<PolicyEntry> entries, GrantOptions options)
    {
        var lists = Volatile.Read(ref _lists);
        int hash = HashOf(entries);
        for (int probe = 0; probe < MostProbes; probe++)
        {
            if (Volatile.Read(ref lists[(hash + probe) & (lists.Length - 1)]) is { } list
                && list.TryGetTarget(out var rights) && ReferenceEquals(rights.Options, options) && AreSame(rights.Policies, entries))
            {
                return rights;
            }
        }

        return null;
    }

    private void Add(MergedRights rights)
    {
        lock (_gate)
        {
            var lists = _lists;
            while (!TryPut(lists, rights) && lists.Length < MostLists)
            {
                var larger = new WeakReference<MergedRights>?[lists.Length * 2];
                foreach (var list in lists)
                {
                    if (list?.TryGetTarget(out var known) == true)
                    {
                        TryPut(larger, known);
                    }
                }

                lists = larger;
            }

            Volatile.Write(ref _lists, lists);
        }
    }

    private static bool TryPut(WeakReference<MergedRights>?[] lists, MergedRights rights)
    {
        int hash = HashOf(rights.Policies);
        int place = hash & (lists.Length - 1);
        bool isFree = false;
        for (int probe = 0; probe < MostProbes && !isFree; probe++)
        {
            int next = (hash + probe) & (lists.Length - 1);
            isFree = lists[next]?.TryGetTarget(out _) != true;
            place = isFree ? next : place;
        }

        if (isFree || lists.Length == MostLists)
        {
            Volatile.Write(ref lists[place], new WeakReference<MergedRights>(rights));
        }

        return isFree;
    }

    private static int HashOf(ImmutableArray<PolicyEntry> entries)
    {
        int hash = 0;
        foreach (var entry in entries)
        {
            hash = (hash * 31) + RuntimeHelpers.GetHashCode(entry);
        }

        // The lowest bits choose the place: they are to depend on all.
        return hash ^ (hash >> 15);
    }

    private static bool AreSame(ImmutableArray<PolicyEntry> a, ImmutableArray<PolicyEntry> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (int index = 0; index < a.Length; index++)
        {
            if (!ReferenceEquals(a[index], b[index]))
            {
                return false;
            }
        }

        return true;
    }
}
