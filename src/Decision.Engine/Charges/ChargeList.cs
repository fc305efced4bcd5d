namespace Decision.Engine.Charges;

/// <summary>The charges of one decision in their order, as a value: a decision allocates nothing.</summary>
public struct ChargeList
{
    /// <summary>Of one request: organisation rate and quota, API-wide rate, endpoint or key rate, quota. More only requests in a group have.</summary>
    public const int Usual = 5;

    /// <summary>The most that a store takes in one step.</summary>
    public const int Capacity = 250;

    private PerCharge<Charge?> _slots;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The charge at a place.</summary>
    public readonly Charge this[int index] =>
        (uint)index < (uint)Count ? _slots[index]! : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Appends a charge; null appends nothing.</summary>
    public void Add(Charge? charge)
    {
        if (charge is not null)
        {
            _slots[Count++] = charge;
        }
    }
}
