using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>What one decision wants to spend.</summary>
public readonly struct Spending
{
    /// <summary>The charges in their order, each on a counter of its own; at most <see cref="ChargeList.Capacity"/>.</summary>
    public required ChargeList Charges { get; init; }

    /// <summary>Units to spend on each; at least 1.</summary>
    public required long Cost { get; init; }

    /// <summary>Units to spend on each charge in place of <see cref="Cost"/>, at least 1, in the order of the charges; null = that.</summary>
    public IReadOnlyList<long>? Costs { get; init; }

    /// <summary>Test only.</summary>
    public bool IsPeek { get; init; }

    /// <summary>The key whose record must still have <see cref="KeyVersion"/>; null = not compared (a public path has no key).</summary>
    public string? KeyId { get; init; }

    /// <summary>The version that the decision was made with; 0 = not compared.</summary>
    public ulong KeyVersion { get; init; }

    /// <summary>
    /// Whether the store was seen to have this very record within the last second, so that a lease may be used without asking it again.
    /// </summary>
    public bool IsKeyConfirmed { get; init; }

    /// <summary>Names the call for 60 seconds: a second one with the same name and hash gets the first one's outcomes; null = none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Hash of what else was asked, so that a name is not reused for another request.</summary>
    public ulong RequestHash { get; init; }

    /// <summary>Units to spend on a charge.</summary>
    public long CostOf(int charge) => Costs is null ? Cost : Costs[charge];

    /// <summary>Refuses what no decision asks for.</summary>
    /// <exception cref="ArgumentException">A cost is below 1, there are too many charges, or two of them name one counter.</exception>
    public void RejectMalformed()
    {
        ChargeList charges = Charges;
        if (charges.Count > ChargeList.Capacity || (Costs is not null && Costs.Count != charges.Count))
        {
            throw new ArgumentException($"A spending has at most {ChargeList.Capacity} charges, and a cost for each, not {charges.Count} and {Costs?.Count}.");
        }

        if (Costs is null && Cost < 1)
        {
            throw new ArgumentException($"A spending costs at least 1, not {Cost}.");
        }

        for (int i = 0; i < charges.Count; i++)
        {
            if (Costs is not null && Costs[i] < 1)
            {
                throw new ArgumentException($"A spending costs at least 1, not {Costs[i]}.");
            }

            for (int j = 0; j < i; j++)
            {
                if (charges[i].Counter.Equals(charges[j].Counter))
                {
                    throw new ArgumentException($"Two charges of a spending name the counter {charges[i].Counter}; each must have its own.");
                }
            }
        }
    }
}
