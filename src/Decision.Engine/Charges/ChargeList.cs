using System.Runtime.CompilerServices;

namespace Decision.Engine.Charges;

/// <summary>The charges of one decision in their order, as a value: a decision allocates nothing.</summary>
public struct ChargeList
{
    /// <summary>Organisation rate and quota, API-wide rate, endpoint or key rate, quota.</summary>
    public const int Capacity = 5;

    private Slots _slots;

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

    [InlineArray(Capacity)]
    private struct Slots
    {
        private Charge? _first;
    }
}
