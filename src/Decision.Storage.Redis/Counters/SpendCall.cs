using System.Runtime.InteropServices;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// The spendings of one call. Those that ask for the same, as the requests of a busy key do, are sent once, with how many they are: Redis then tests and
/// writes their counters once, and each has the numbers as if it had been alone.
/// </summary>
internal sealed class SpendCall
{
    private readonly List<Group> _groups = [];

    /// <summary>How many callers wait for it.</summary>
    public int Count { get; private set; }

    /// <summary>What they ask for, in the order in which it is sent.</summary>
    public ReadOnlySpan<Group> Groups => CollectionsMarshal.AsSpan(_groups);

    public void Add(PendingSpending pending)
    {
        pending.Next = null;
        Count++;
        foreach (ref Group group in CollectionsMarshal.AsSpan(_groups))
        {
            if (group.First.AsksSame(pending))
            {
                group.Add(pending);
                return;
            }
        }

        _groups.Add(new Group(pending));
    }

    /// <summary>All who wait, in the order in which they are answered.</summary>
    public IEnumerator<PendingSpending> GetEnumerator()
    {
        for (int i = 0; i < _groups.Count; i++)
        {
            PendingSpending? next = _groups[i].First;
            while (next is { } pending)
            {
                // Read before it may wait again, for another call.
                next = pending.Next;
                yield return pending;
            }
        }
    }

    /// <summary>Callers that ask for the same; the first leads to the others by <see cref="PendingSpending.Next"/>.</summary>
    internal struct Group(PendingSpending first)
    {
        private PendingSpending _last = first;

        public PendingSpending First { get; } = first;

        public byte Count { get; private set; } = 1;

        public void Add(PendingSpending pending)
        {
            _last.Next = pending;
            _last = pending;
            Count++;
        }
    }
}
