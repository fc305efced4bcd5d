namespace Decision.Engine.Charges;

/// <summary>Where a value comes from, for the answer to "which policy, which field".</summary>
/// <param name="Kind">What wrote it.</param>
/// <param name="PolicyId">The policy's id; empty for the other kinds.</param>
/// <param name="Field">The field's path there, such as <c>access_rights.orders.limit.rate</c>.</param>
public sealed record Origin(OriginKind Kind, string PolicyId, string Field)
{
    /// <summary>The key's own field.</summary>
    public static Origin OfKey(string field) => new(OriginKind.Key, "", field);

    /// <summary>A policy's field.</summary>
    public static Origin OfPolicy(string policyId, string field) => new(OriginKind.Policy, policyId, field);

    /// <summary>As the verdict's <c>origin</c> says it: the policy's id, or <c>key</c>, <c>api</c>, <c>organization</c>.</summary>
    public string Name => Kind switch
    {
        OriginKind.Policy => PolicyId,
        OriginKind.Api => "api",
        OriginKind.Organization => "organization",
        _ => "key",
    };
}
