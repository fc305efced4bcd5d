namespace Decision.Engine.Limits;

/// <summary>
/// The entries of a sliding log, oldest first, stamps strictly rising, in a ring that grows with use. Each entry holds the running sum of
/// units up to it rather than its own units: the units of any tail are one subtraction (exact modulo 2^32, as all entries together never
/// exceed 2^32 - 1), questions are answered by bisection, and folding an entry into its successor is leaving it out.
/// </summary>
internal sealed class EntryLog
{
    public const int MaxEntries = 1025;
    private const int FirstCapacity = 4;

    private long[] _stamps;
    private uint[] _sums;
    private int _head;
    private uint _sumBefore;

    public EntryLog(int entries = 0)
    {
        int capacity = FirstCapacity;
        while (capacity < entries)
        {
            capacity = Grown(capacity);
        }

        _stamps = new long[capacity];
        _sums = new uint[capacity];
    }

    public int Count { get; private set; }

    public int Capacity => _stamps.Length;

    public uint Total => UnitsFrom(0);

    public long StampAt(int index) => _stamps[Slot(index)];

    public uint UnitsAt(int index) => _sums[Slot(index)] - SumBefore(index);

    /// <summary>Units of the entry at <paramref name="index"/> and all newer ones.</summary>
    public uint UnitsFrom(int index) => index >= Count ? 0 : _sums[Slot(Count - 1)] - SumBefore(index);

    /// <summary>The oldest entry stamped after <paramref name="horizonUs"/>; <see cref="Count"/> if there is none.</summary>
    public int FirstAfter(long horizonUs)
    {
        if (Count == 0 || StampAt(0) > horizonUs)
        {
            return 0;
        }

        int low = 1;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (StampAt(middle) > horizonUs)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The stamp of the entry with which, from <paramref name="index"/> on, at least <paramref name="units"/> have left the
    /// window.</summary>
    public long StampOfUnit(int index, long units)
    {
        uint before = SumBefore(index);
        int low = index;
        int high = Count - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_sums[Slot(middle)] - before >= units)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return StampAt(low);
    }

    public void DropUntil(long horizonUs)
    {
        int dropped = FirstAfter(horizonUs);
        if (dropped > 0)
        {
            _sumBefore = _sums[Slot(dropped - 1)];
            _head = Slot(dropped);
            Count -= dropped;
        }
    }

    /// <summary>Adds an entry newer than all. A full log lets it join the newest one instead, which counts longer, never shorter.</summary>
    public void Append(long stampUs, uint units)
    {
        units = WithRoom(units);
        if (units == 0 || Count == MaxEntries)
        {
            Join(stampUs, units);
            return;
        }

        if (Count == Capacity)
        {
            Grow();
        }

        uint sum = Count == 0 ? _sumBefore : _sums[Slot(Count - 1)];
        int slot = Slot(Count++);
        _stamps[slot] = stampUs;
        _sums[slot] = sum + units;
    }

    /// <summary>Adds to the newest entry, which takes the newer stamp.</summary>
    public void Join(long stampUs, uint units)
    {
        units = WithRoom(units);
        int slot = Slot(Count - 1);
        _stamps[slot] = stampUs;
        _sums[slot] += units;
    }

    /// <summary>
    /// Folds neighbours until entries are at least <paramref name="gridUs"/> apart, counted between the first stamps of what was folded.
    /// The newest stamp wins, so that nothing leaves the window before its time.
    /// </summary>
    /// <returns>The first stamp in the newest entry.</returns>
    public long Fold(long gridUs)
    {
        long first = StampAt(0);
        int kept = 0;
        for (int i = 1; i < Count; i++)
        {
            long stamp = StampAt(i);
            if (stamp - first >= gridUs)
            {
                kept++;
                first = stamp;
            }

            _stamps[Slot(kept)] = stamp;
            _sums[Slot(kept)] = _sums[Slot(i)];
        }

        Count = kept + 1;
        return first;
    }

    private static int Grown(int capacity) => Math.Min(capacity * 2, capacity < 1024 ? 1024 : MaxEntries);

    private int Slot(int index)
    {
        int slot = _head + index;
        return slot < _stamps.Length ? slot : slot - _stamps.Length;
    }

    private uint SumBefore(int index) => index == 0 ? _sumBefore : _sums[Slot(index - 1)];

    private uint WithRoom(uint units) => Math.Min(units, uint.MaxValue - Total);

    private void Grow()
    {
        var stamps = new long[Grown(Capacity)];
        var sums = new uint[stamps.Length];
        int untilEnd = Math.Min(Count, Capacity - _head);
        Array.Copy(_stamps, _head, stamps, 0, untilEnd);
        Array.Copy(_stamps, 0, stamps, untilEnd, Count - untilEnd);
        Array.Copy(_sums, _head, sums, 0, untilEnd);
        Array.Copy(_sums, 0, sums, untilEnd, Count - untilEnd);
        _stamps = stamps;
        _sums = sums;
        _head = 0;
    }
}
