using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decision.Runtime.Keys;

/// <summary>
/// What the store did not have a moment ago. Clients that go on with a key that is none then cost the store one read a second each, however
/// often they come, and no more memory than is set aside here.
/// </summary>
/// <remarks>
/// Two tables, of which the newer is written; it takes the other's place when it is a second old or full. So a name stays for a second, or
/// for as long as it is among the last <paramref name="capacity"/> ones.
/// </remarks>
internal sealed class UnknownKeys(TimeProvider time, int capacity)
{
    /// <summary>How long the store is not asked again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Dictionary<HashValue, long> _newer = new(RandomOrder.Instance);
    private Dictionary<HashValue, long> _older = new(RandomOrder.Instance);
    private long _newerSince = time.GetTimestamp();
    private long _writes;

    /// <summary>Counts what came into the store; to be read before the store is.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>Names in memory, those that are out of date included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _newer.Count + _older.Count;
            }
        }
    }

    /// <summary>An id as a name: its 16 characters are as many bytes as a hash has.</summary>
    public static HashValue NameOf(ReadOnlySpan<char> keyId) => HashValue.From(MemoryMarshal.AsBytes(keyId));

    /// <summary>Whether the store did not have it within the last second, and nothing was written since.</summary>
    public bool Contains(HashValue name)
    {
        lock (_gate)
        {
            return (_newer.TryGetValue(name, out long at) || _older.TryGetValue(name, out at)) && time.GetElapsedTime(at) < Lifetime;
        }
    }

    /// <summary>Remembers a name that the store does not have.</summary>
    /// <param name="name">The id's or text's.</param>
    /// <param name="writesBefore"><see cref="Writes"/> before the store was asked: what was written meanwhile may be just this.</param>
    public void Remember(HashValue name, long writesBefore)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (_writes != writesBefore)
            {
                return;
            }

            if (_newer.Count >= capacity || time.GetElapsedTime(_newerSince, now) >= Lifetime)
            {
                (_newer, _older) = (_older, _newer);
                _newer.Clear();
                _newerSince = now;
            }

            _newer[name] = now;
        }
    }

    /// <summary>Forgets a name: the store may have it now.</summary>
    public void Forget(HashValue name)
    {
        lock (_gate)
        {
            _writes++;
            _newer.Remove(name);
            _older.Remove(name);
        }
    }

    /// <summary>Forgets all names: the store may have any of them now.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _writes++;
            _newer.Clear();
            _older.Clear();
        }
    }

    // Who sends keys chooses their ids; without a secret in the order he could make all of them fall into one place of the table.
    private sealed class RandomOrder : IEqualityComparer<HashValue>
    {
        public static readonly RandomOrder Instance = new();

        public bool Equals(HashValue x, HashValue y) => x == y;

        public int GetHashCode(HashValue value) =>
            string.GetHashCode(MemoryMarshal.Cast<HashValue, char>(new ReadOnlySpan<HashValue>(in Unsafe.AsRef(in value))));
    }
}
