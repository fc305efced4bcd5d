using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Engine.Rules;

/// <summary>The rules of policies together: what one alone cannot get wrong.</summary>
public static class PolicySetRules
{
    /// <summary>Joins the policies of several files into one set, in which ids are unique over all organisations.</summary>
    /// <param name="sources">Each file's name and its policies, in the order in which they are named in findings.</param>
    /// <param name="findings">Receives an error for each id that is in two files.</param>
    /// <returns>The set; where an id is there twice, the first counts.</returns>
    public static IReadOnlyDictionary<string, Policy> Join(
        IEnumerable<(string Source, IReadOnlyDictionary<string, Policy> Policies)> sources, FindingList findings)
    {
        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (source, some) in sources)
        {
            foreach (var (id, policy) in some)
            {
                if (policies.TryAdd(id, policy))
                {
                    origins.Add(id, source);
                    continue;
                }

                var organizations = policies[id].OrganizationId == policy.OrganizationId ? "" : " Ids are unique over all organisations.";
                findings.Error(
                    Subjects.Policy(id, $"{source}: "), "id", $"is in {origins[id]} as well: rename or remove one of them.{organizations}");
            }
        }

        return policies;
    }

    /// <summary>Checks what a key makes of the policies that it names.</summary>
    /// <param name="key">The key.</param>
    /// <param name="policies">Every policy, also those that are not loaded.</param>
    /// <param name="findings">Receives every error and warning.</param>
    /// <param name="subject">Names the key in findings; never its secret.</param>
    public static void CheckKey(Key key, IReadOnlyDictionary<string, Policy> policies, FindingList findings, string subject = "key")
    {
        var scope = new FindingScope(subject, findings);
        var isPartitioned = false;
        var isPerApi = false;
        var grants = !key.AccessRights.IsEmpty;
        for (var index = 0; index < key.ApplyPolicies.Length; index++)
        {
            var field = $"apply_policies[{index}]";
            var id = key.ApplyPolicies[index];
            if (!policies.TryGetValue(id, out var policy))
            {
                scope.Error(field, $"{JsonText.Quote(id)} is no policy: create it first, or remove it.");
                continue;
            }

            if (policy.OrganizationId != key.OrganizationId)
            {
                scope.Error(
                    field,
                    $"{JsonText.Quote(id)} belongs to organisation {JsonText.Quote(policy.OrganizationId)}, the key to "
                    + $"{JsonText.Quote(key.OrganizationId)}: use a policy of the key's organisation.");
            }

            if (!policy.IsLoaded)
            {
                scope.Warn(field, $"{JsonText.Quote(id)} is not loaded (active: false), so the key may be refused until it is.");
            }

            isPartitioned |= policy.Partitions.IsPartitioned;
            isPerApi |= policy.Partitions.PerApi;
            grants |= policy.Partitions.CoversAcl && !policy.AccessRights.IsEmpty;
        }

        if (isPartitioned && isPerApi)
        {
            scope.Error("apply_policies", "has a per_api policy together with a partitioned one: use either kind on one key.");
        }

        if (!grants)
        {
            scope.Warn(
                "access_rights",
                "is empty, and no policy of the key grants an API: the key opens nothing unless master keys are allowed. "
                + "Name the APIs here or in a policy.");
        }
    }
}
