using Decision.Engine.Findings;
using Decision.Engine.Policies;

namespace Decision.Runtime.Administration;

/// <summary>What the store's policies are to be.</summary>
/// <param name="Policies">By id, each as a whole and without errors of its own: what it does not say is not set.</param>
/// <param name="Findings">What was found when they were read; with an error among them nothing is planned.</param>
/// <param name="OrganizationId">Only policies of this organisation are written and removed; null = of all.</param>
/// <param name="IsPruned">Whether policies of the store that are not among them are removed.</param>
public sealed record WantedPolicies(
    IReadOnlyDictionary<string, Policy> Policies, IReadOnlyList<Finding> Findings, string? OrganizationId = null, bool IsPruned = false);
