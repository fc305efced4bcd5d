using Decision.Engine;
using Decision.Runtime.Observation.Notes;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>Which refusals somebody wants; null or empty = any.</summary>
public sealed record RefusalFilter
{
    /// <summary>Of keys of this organisation.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Of this key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Of keys that have this policy.</summary>
    public string? PolicyId { get; init; }

    /// <summary>On this API.</summary>
    public string? ApiId { get; init; }

    /// <summary>For one of these reasons.</summary>
    public IReadOnlyCollection<Reason> Reasons { get; init; } = [];

    /// <summary>Whether it is one of them.</summary>
    public bool Matches(DecisionNote note) =>
        (OrganizationId is null || (note.Grant is not null && note.OrganizationId == OrganizationId))
        && (KeyId is null || note.KeyId == KeyId)
        && (ApiId is null || note.ApiId == ApiId)
        && (PolicyId is null || note.Grant?.Merged.Key.ApplyPolicies.Contains(PolicyId) == true)
        && (Reasons.Count == 0 || Reasons.Contains(note.Reason));
}
