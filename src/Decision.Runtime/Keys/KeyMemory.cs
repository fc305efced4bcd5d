using System.Collections.Concurrent;

namespace Decision.Runtime.Keys;

/// <summary>The keys in memory, a bounded number of them. Reading takes no lock; whoever reads the store or writes a key does.</summary>
internal sealed class KeyMemory(int capacity)
{
    private const int Stripes = 256;

    // Room is made in this many looks, however many keys there are: no request waits for a walk through all of them.
    private const int MostLooks = 64;

    private readonly ConcurrentDictionary<string, KeyEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<KeyEntry?> _places = [];
    private readonly Stack<int> _free = [];
    private readonly long[] _writes = new long[Stripes];
    private int _hand;
    private int _count;

    /// <summary>How many.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Finds a key, and notes that it is used.</summary>
    public bool TryGet(ReadOnlySpan<char> keyId, out KeyEntry? entry)
    {
        if (!_entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(keyId, out entry))
        {
            return false;
        }

        if (!entry.IsUsed)
        {
            entry.IsUsed = true;
        }

        return true;
    }

    /// <summary>Counts the writes of a key, and of others beside it; to be read before the store is.</summary>
    public long WritesOf(string keyId) => Volatile.Read(ref _writes[StripeOf(keyId)]);

    /// <summary>Remembers what was read, unless the key was written meanwhile.</summary>
    public void Remember(KeyEntry entry, long writesBefore)
    {
        string keyId = entry.Record.Key.Id;
        lock (_gate)
        {
            if (_writes[StripeOf(keyId)] != writesBefore)
            {
                return;
            }

            if (_entries.TryGetValue(keyId, out var old))
            {
                entry.Place = old.Place;
                _places[entry.Place] = entry;
            }
            else
            {
                entry.Place = FindPlace(entry);
                Volatile.Write(ref _count, _count + 1);
            }

            _entries[keyId] = entry;
        }
    }

    /// <summary>Forgets a key: it was written.</summary>
    public void Forget(string keyId)
    {
        lock (_gate)
        {
            _writes[StripeOf(keyId)]++;
            if (_entries.TryRemove(keyId, out var entry))
            {
                _places[entry.Place] = null;
                _free.Push(entry.Place);
                Volatile.Write(ref _count, _count - 1);
            }
        }
    }

    // Second chance: what was used since the hand last came by stays, the first that was not leaves.
    private int FindPlace(KeyEntry entry)
    {
        if (_free.TryPop(out int place))
        {
            _places[place] = entry;
            return place;
        }

        if (_places.Count < capacity)
        {
            _places.Add(entry);
            return _places.Count - 1;
        }

        for (int looks = 0; looks < MostLooks && _places[_hand]!.IsUsed; looks++)
        {
            _places[_hand]!.IsUsed = false;
            _hand = (_hand + 1) % _places.Count;
        }

        place = _hand;
        _hand = (_hand + 1) % _places.Count;
        _entries.TryRemove(_places[place]!.Record.Key.Id, out _);
        _places[place] = entry;
        Volatile.Write(ref _count, _count - 1);
        return place;
    }

    private static uint StripeOf(string keyId) => (uint)string.GetHashCode(keyId, StringComparison.Ordinal) % Stripes;
}
