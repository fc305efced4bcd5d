namespace Decision.Runtime.Observation.Refusals;

/// <summary>What one processor counted of refusals: in the window that runs and in the one before it. Not for two threads at once without its lock.</summary>
internal sealed class RefusalWindow(int capacity)
{
    private HeavyHitters[] _current = Fresh(capacity);
    private HeavyHitters[] _before = Fresh(capacity);
    private long _totalBefore;
    private long _total;
    private long _number;

    public Lock Gate { get; } = new();

    public long Total => _total + _totalBefore;

    /// <summary>The sketch of the window that runs.</summary>
    public HeavyHitters Of(RefusedBy by) => _current[(int)by];

    /// <summary>The sketch of the window before it.</summary>
    public HeavyHitters Before(RefusedBy by) => _before[(int)by];

    public void CountTotal() => _total++;

    /// <summary>Goes on to the window with a number; what is older than the one before it is forgotten.</summary>
    public void GoTo(long number)
    {
        if (number == _number)
        {
            return;
        }

        bool isNext = number == _number + 1;
        (_current, _before) = (_before, _current);
        _totalBefore = isNext ? _total : 0;
        _total = 0;
        Clear(_current);
        if (!isNext)
        {
            Clear(_before);
        }

        _number = number;
    }

    private static HeavyHitters[] Fresh(int capacity) => [.. Enum.GetValues<RefusedBy>().Select(_ => new HeavyHitters(capacity))];

    private static void Clear(HeavyHitters[] sketches)
    {
        foreach (var sketch in sketches)
        {
            sketch.Clear();
        }
    }
}
