using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decision.Engine.Keys;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>
/// Rights that are the same for every key with the same policies. Most keys say nothing on access and limits themselves: a million of
/// them then hold one copy, and a changed policy is merged and compiled once for all of its keys.
/// </summary>
/// <remarks>Nothing is kept alive here: rights go with the last grant that uses them, and with the policy.</remarks>
internal sealed class SharedRights
{
    // Lists that begin with the same policy; when there are more, they replace each other and are only merged more often.
    private const int MostLists = 16;

    private static readonly ConditionalWeakTable<PolicyEntry, SharedRights> ByFirst = [];

    private readonly WeakReference<MergedRights>?[] _lists = new WeakReference<MergedRights>?[MostLists];
    private int _next;

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

    private static bool SaysSomething(Key key) =>
        key.AccessRights.Count > 0 || key.Behavior != default || (!ReferenceEquals(key.Limits, LimitSettings.None) && key.Limits != LimitSettings.None);

    private MergedRights? Find(ImmutableArray<PolicyEntry> entries, GrantOptions options)
    {
        foreach (ref var list in _lists.AsSpan())
        {
            if (Volatile.Read(ref list) is not { } reference)
            {
                return null;
            }

            if (reference.TryGetTarget(out var rights) && ReferenceEquals(rights.Options, options) && AreSame(rights.Policies, entries))
            {
                return rights;
            }
        }

        return null;
    }

    private void Add(MergedRights rights)
    {
        lock (_lists)
        {
            int at = Array.FindIndex(_lists, list => list is null || !list.TryGetTarget(out _));
            if (at < 0)
            {
                at = _next++ % MostLists;
            }

            Volatile.Write(ref _lists[at], new WeakReference<MergedRights>(rights));
        }
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
