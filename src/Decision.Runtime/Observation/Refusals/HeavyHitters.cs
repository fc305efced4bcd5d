using Decision.Engine;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>
/// The names that come most often, in bounded room: the Space-Saving sketch of Metwally, Agrawal and El Abbadi. A name that comes more often than one
/// in <paramref name="capacity"/> is in it for certain; a count is too high by its error at most, and never too low.
/// </summary>
/// <param name="capacity">Names that are kept.</param>
internal sealed class HeavyHitters(int capacity)
{
    private readonly Dictionary<Refused, int> _places = new(capacity);

    // A heap with the rarest at its root.
    private readonly Entry[] _heap = new Entry[capacity];
    private int _count;

    /// <summary>Counts a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="reason">Why it came.</param>
    public void Count(Refused name, Reason reason)
    {
        if (_places.TryGetValue(name, out int place))
        {
            _heap[place].Count++;
            _heap[place].LastReason = reason;
            Sink(place);
        }
        else if (_count < capacity)
        {
            place = _count++;
            _heap[place] = new Entry { Name = name, Count = 1, LastReason = reason };
            _places.Add(name, place);
            Rise(place);
        }
        else
        {
            long rarest = _heap[0].Count;
            _places.Remove(_heap[0].Name);
            _heap[0] = new Entry { Name = name, Count = rarest + 1, Error = rarest, LastReason = reason };
            _places.Add(name, 0);
            Sink(0);
        }
    }

    /// <summary>How often a name came, at most; 0 = it is not kept.</summary>
    public long CountOf(Refused name) => _places.TryGetValue(name, out int place) ? _heap[place].Count : 0;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _places.Clear();
        Array.Clear(_heap, 0, _count);
        _count = 0;
    }

    /// <summary>What is kept, in no order.</summary>
    public ReadOnlySpan<Entry> Entries => _heap.AsSpan(0, _count);

    private void Rise(int place)
    {
        for (int above = (place - 1) / 2; place > 0 && _heap[place].Count < _heap[above].Count; above = (place - 1) / 2)
        {
            Swap(place, above);
            place = above;
        }
    }

    private void Sink(int place)
    {
        while (true)
        {
            int left = (2 * place) + 1;
            int rarest = left < _count && _heap[left].Count < _heap[place].Count ? left : place;
            int right = left + 1;
            rarest = right < _count && _heap[right].Count < _heap[rarest].Count ? right : rarest;
            if (rarest == place)
            {
                return;
            }

            Swap(place, rarest);
            place = rarest;
        }
    }

    private void Swap(int one, int other)
    {
        (_heap[one], _heap[other]) = (_heap[other], _heap[one]);
        _places[_heap[one].Name] = one;
        _places[_heap[other].Name] = other;
    }

    /// <summary>What is counted.</summary>
    /// <param name="Name">A key's id, a policy's or an API's.</param>
    /// <param name="OrganizationId">The organisation of the key that was refused.</param>
    internal readonly record struct Refused(string Name, string OrganizationId);

    /// <summary>A name and how often it came.</summary>
    internal struct Entry
    {
        public Refused Name;
        public long Count;
        public long Error;
        public Reason LastReason;
    }
}
