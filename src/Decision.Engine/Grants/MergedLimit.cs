using Decision.Engine.Charges;

namespace Decision.Engine.Grants;

/// <summary>A limit in force, with the record that wrote it and the counter that it is counted on.</summary>
/// <param name="Value">As written; set, possibly unlimited.</param>
/// <param name="Origin">Which policy or record, and which field.</param>
/// <param name="Scope">Where it is counted: <c>policy:ID</c>, <c>api:ID</c> or <c>key</c>.</param>
public sealed record MergedLimit<T>(T Value, Origin Origin, string Scope)
{
    /// <summary>The scope of a limit at a policy's root.</summary>
    public static MergedLimit<T> AtPolicy(T value, string policyId, string field) =>
        new(value, Origin.OfPolicy(policyId, field), "policy:" + policyId);

    /// <summary>The scope of a limit that a policy writes for one API.</summary>
    public static MergedLimit<T> AtPolicyApi(T value, string policyId, string apiId, string field) =>
        new(value, Origin.OfPolicy(policyId, $"access_rights.{apiId}.limit.{field}"), "api:" + apiId);

    /// <summary>The scope of a limit at the key's root.</summary>
    public static MergedLimit<T> AtKey(T value, string field) => new(value, Origin.OfKey(field), "key");

    /// <summary>The scope of a limit that the key writes for one API.</summary>
    public static MergedLimit<T> AtKeyApi(T value, string apiId, string field) =>
        new(value, Origin.OfKey($"access_rights.{apiId}.limit.{field}"), "api:" + apiId);
}
