using Decision.Engine.Charges;

namespace Decision.Engine.Grants;

/// <summary>A limit in force, with the record that wrote it and the counter that it is counted on.</summary>
/// <param name="Value">As written; set, possibly unlimited.</param>
/// <param name="Origin">Which policy or record, and which field.</param>
/// <param name="Scope">Where it is counted: <c>policy:ID</c>, <c>api:ID</c> or <c>key</c>.</param>
public sealed record MergedLimit<T>(T Value, Origin Origin, string Scope);

/// <summary>The four places that a limit can be written in; a counter belongs to the place.</summary>
internal static class MergedLimit
{
    public static MergedLimit<T> AtPolicy<T>(T value, string policyId, string field) =>
        new(value, Origin.OfPolicy(policyId, field), "policy:" + policyId);

    public static MergedLimit<T> AtPolicyApi<T>(T value, string policyId, string apiId, string field) =>
        new(value, Origin.OfPolicy(policyId, $"access_rights.{apiId}.limit.{field}"), "api:" + apiId);

    public static MergedLimit<T> AtKey<T>(T value, string field) => new(value, Origin.OfKey(field), "key");

    public static MergedLimit<T> AtKeyApi<T>(T value, string apiId, string field) =>
        new(value, Origin.OfKey($"access_rights.{apiId}.limit.{field}"), "api:" + apiId);
}
