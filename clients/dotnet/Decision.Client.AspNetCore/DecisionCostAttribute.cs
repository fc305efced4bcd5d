namespace Decision.Client.AspNetCore;

/// <summary>What a request for this endpoint counts for on every limit.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DecisionCostAttribute : Attribute
{
    /// <summary>Sets the cost.</summary>
    /// <param name="cost">Units, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public DecisionCostAttribute(long cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        Cost = cost;
    }

    /// <summary>Units, 1 or more.</summary>
    public long Cost { get; }
}
