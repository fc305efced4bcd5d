using Decision.Engine.Limits;

namespace Decision.Engine.Charges;

/// <summary>What the store found for each charge of a decision, in the same order, as a value.</summary>
public struct ChargeOutcomes
{
    private PerCharge<LimitTest> _slots;

    /// <summary>The outcome at a place.</summary>
    public LimitTest this[int index]
    {
        readonly get => _slots[index];
        set => _slots[index] = value;
    }
}
