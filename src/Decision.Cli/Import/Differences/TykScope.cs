using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Cli.Import.Differences;

/// <summary>Where Tyk counts a key's quota on an API; empty = with the key as a whole.</summary>
internal static class TykScope
{
    /// <summary>The scope, as <c>allowance_scope</c> has it.</summary>
    public static string Of(Key key, IReadOnlyList<Policy> policies, string apiId)
    {
        if (policies.Count == 0)
        {
            return key.AccessRights.TryGetValue(apiId, out var right) && right.Limit is not null ? apiId : "";
        }

        var perApi = policies.LastOrDefault(policy => policy.Partitions.PerApi && policy.AccessRights.ContainsKey(apiId));
        if (perApi is not null)
        {
            return perApi.AccessRights[apiId].Limit is not null ? apiId : perApi.Id;
        }

        // The last policy that granted the API, once there are several.
        var granting = policies.Where(static policy => policy.Partitions.CoversAcl && !policy.AccessRights.IsEmpty).ToList();
        var last = granting
            .SelectMany(static policy => policy.AccessRights.Keys.Select(api => (Api: api, policy.Id)))
            .GroupBy(static grant => grant.Api, StringComparer.Ordinal)
            .ToDictionary(static grants => grants.Key, static grants => grants.Last().Id, StringComparer.Ordinal);
        return last.Values.Distinct(StringComparer.Ordinal).Count() > 1 && last.TryGetValue(apiId, out string? id) ? id : "";
    }
}
