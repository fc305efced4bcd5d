using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>What one decision wants to spend.</summary>
public readonly struct Spending
{
    /// <summary>The charges in their order; at most <see cref="ChargeList.Capacity"/>.</summary>
    public required ChargeList Charges { get; init; }

    /// <summary>Units to spend on each; at least 1.</summary>
    public required long Cost { get; init; }

    /// <summary>Test only.</summary>
    public bool IsPeek { get; init; }

    /// <summary>The key whose record must still have <see cref="KeyVersion"/>; null = not compared (a public path has no key).</summary>
    public string? KeyId { get; init; }

    /// <summary>The version that the decision was made with; 0 = not compared.</summary>
    public ulong KeyVersion { get; init; }

    /// <summary>Names the call for 60 seconds: a second one with the same name and hash gets the first one's outcomes; null = none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Hash of what else was asked, so that a name is not reused for another request.</summary>
    public ulong RequestHash { get; init; }
}
