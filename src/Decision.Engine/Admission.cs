using System.Diagnostics.CodeAnalysis;
using Decision.Engine.Charges;

namespace Decision.Engine;

/// <summary>What the engine knows before the counters are asked: a final verdict, or what there is to spend.</summary>
/// <remarks>Read by reference: a verdict is a value of some 300 bytes, and copying it for each look at it costs more than a step.</remarks>
public readonly struct Admission
{
    private readonly Verdict _verdict;
    private readonly ChargeList _charges;

    internal Admission(in Verdict verdict, in ChargeList charges = default)
    {
        _verdict = verdict;
        _charges = charges;
    }

    /// <summary>A verdict that no counter changes any more.</summary>
    public static Admission Final(in Verdict verdict) => new(in verdict);

    /// <summary>The verdict so far; final where <see cref="IsFinal"/>.</summary>
    [UnscopedRef]
    public ref readonly Verdict Verdict => ref _verdict;

    /// <summary>The counters to spend on; empty = none.</summary>
    [UnscopedRef]
    public ref readonly ChargeList Charges => ref _charges;

    /// <summary>True = denied already, or nothing to spend.</summary>
    public bool IsFinal => !_verdict.IsAllowed || _charges.Count == 0;

    /// <summary>The same, with other counters: those that an earlier call spent on.</summary>
    public Admission WithCharges(in ChargeList charges) => new(in _verdict, in charges);
}
