using Decision.Engine;
using Decision.Engine.Grants;
using Decision.Engine.Policies;

namespace Decision.Runtime.Decisions.Explaining;

/// <summary>Tells what came of each policy that a key names.</summary>
internal static class PolicyTelling
{
    public static IReadOnlyList<ExplainedPolicy> Of(MergedKey merged) =>
        [.. merged.Key.ApplyPolicies.Distinct(StringComparer.Ordinal).Select(id => Of(merged, id))];

    private static ExplainedPolicy Of(MergedKey merged, string id)
    {
        var applied = merged.Policies.FirstOrDefault(entry => entry.Policy.Id == id);
        var known = applied ?? merged.MissingPolicies.FirstOrDefault(missing => missing.PolicyId == id)?.Entry;
        bool isFailure = merged.Failure != Reason.Allowed && merged.FailureOrigin == id;
        string finding = isFailure ? merged.FailureFinding
            : applied is not null && merged.Failure != Reason.Allowed ? "Not applied: the key's policies cannot be applied as a whole."
            : applied is not null ? Gives(merged, id)
            : known is null ? "Not applied: there is no such policy. What remains stands without it."
            : "Not applied: it is switched off (active: false). What remains stands without it.";
        return new ExplainedPolicy(
            id,
            known?.Revision ?? 0,
            known?.Source ?? "",
            applied is not null && merged.Failure == Reason.Allowed,
            known is null ? [] : [.. CoveredBy(known.Policy.Partitions)],
            finding);
    }

    private static IEnumerable<string> CoveredBy(Partitions partitions)
    {
        (bool Covers, string Name)[] groups =
        [
            (partitions.CoversAcl, "acl"), (partitions.CoversRate, "rate_limit"),
            (partitions.CoversQuota, "quota"), (partitions.CoversComplexity, "complexity"),
        ];
        return groups.Where(group => group.Covers).Select(group => group.Name);
    }

    private static string Gives(MergedKey merged, string id)
    {
        var gives = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (apiId, right) in merged.Rights)
        {
            if (right.GrantedBy.Contains(id))
            {
                gives.Add($"access to {apiId}");
            }

            if (right.Limits.Rate?.Origin is { PolicyId: var rate } && rate == id)
            {
                gives.Add($"the rate on {apiId}");
            }

            if (right.Limits.Quota?.Origin is { PolicyId: var quota } && quota == id)
            {
                gives.Add($"the quota on {apiId}");
            }
        }

        const int Named = 8;
        return gives.Count == 0 ? "Applied; other policies or the key give what is in force."
            : $"Applied; it gives {string.Join(", ", gives.Take(Named))}{(gives.Count > Named ? " and more" : "")}.";
    }
}
