using Decision.Engine;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>What one processor counted of refusals: in the window that runs and in the one before it. Not for two threads at once without its lock.</summary>
internal sealed class RefusalWindow(int capacity)
{
    private HeavyHitters[] _current = Fresh(capacity);
    private HeavyHitters[] _before = Fresh(capacity);
    private HeavyHitters _organizations = new(capacity);
    private HeavyHitters _organizationsBefore = new(capacity);
    private long _totalBefore;
    private long _total;
    private long _number;

    public Lock Gate { get; } = new();

    public long Total => _total + _totalBefore;

    /// <summary>The sketch of the window that runs.</summary>
    public HeavyHitters Of(RefusedBy by) => _current[(int)by];

    /// <summary>The sketch of the window before it.</summary>
    public HeavyHitters Before(RefusedBy by) => _before[(int)by];

    /// <summary>How often keys of an organisation were refused: exactly, unless more organisations were refused than there is room for.</summary>
    public long TotalOf(string organizationId) => _organizations.CountOf(NameOf(organizationId)) + _organizationsBefore.CountOf(NameOf(organizationId));

    /// <summary>Counts a refusal.</summary>
    /// <param name="organizationId">The organisation of the key; empty = it has none, or none is known.</param>
    /// <param name="reason">Why.</param>
    public void CountTotal(string organizationId, Reason reason)
    {
        _total++;
        _organizations.Count(NameOf(organizationId), reason);
    }

    /// <summary>Goes on to the window with a number; what is older than the one before it is forgotten.</summary>
    public void GoTo(long number)
    {
        if (number == _number)
        {
            return;
        }

        bool isNext = number == _number + 1;
        (_current, _before) = (_before, _current);
        (_organizations, _organizationsBefore) = (_organizationsBefore, _organizations);
        _organizations.Clear();
        _totalBefore = isNext ? _total : 0;
        _total = 0;
        Clear(_current);
        if (!isNext)
        {
            Clear(_before);
            _organizationsBefore.Clear();
        }

        _number = number;
    }

    private static HeavyHitters.Refused NameOf(string organizationId) => new("", organizationId);

    private static HeavyHitters[] Fresh(int capacity) => [.. Enum.GetValues<RefusedBy>().Select(_ => new HeavyHitters(capacity))];

    private static void Clear(HeavyHitters[] sketches)
    {
        foreach (var sketch in sketches)
        {
            sketch.Clear();
        }
    }
}
