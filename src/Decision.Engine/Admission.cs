using Decision.Engine.Charges;

namespace Decision.Engine;

/// <summary>What the engine knows before the counters are asked: a final verdict, or what there is to spend.</summary>
public readonly struct Admission
{
    /// <summary>The verdict so far; final where <see cref="IsFinal"/>.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>The counters to spend on; empty = none.</summary>
    public ChargeList Charges { get; init; }

    /// <summary>True = denied already, or nothing to spend.</summary>
    public bool IsFinal => !Verdict.IsAllowed || Charges.Count == 0;
}
