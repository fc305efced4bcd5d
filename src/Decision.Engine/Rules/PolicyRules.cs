using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Rules;

/// <summary>The rules of a policy's values.</summary>
public static class PolicyRules
{
    /// <summary>Checks a policy, whether it came as JSON, by gRPC or out of a store.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="findings">Receives every error and warning, with the field's path and what to write instead.</param>
    /// <param name="subjectPrefix">Stands before <c>policy gold</c> in findings, such as a file's name.</param>
    /// <param name="matching">How path patterns are read.</param>
    public static void Check(
        Policy policy, FindingList findings, string subjectPrefix = "", UrlMatching matching = UrlMatching.Segments) =>
        Check(policy, findings, subjectPrefix, new PatternCheck(matching));

    /// <summary>Checks one of many, whose patterns are tried once.</summary>
    internal static void Check(Policy policy, FindingList findings, string subjectPrefix, PatternCheck patterns)
    {
        var scope = new FindingScope(Subjects.Policy(policy.Id, subjectPrefix), findings);
        ValueRules.Id(scope, "id", policy.Id);
        ValueRules.Id(scope, "org_id", policy.OrganizationId, mayBeEmpty: true);
        ValueRules.Name(scope, "_id", policy.ObjectId);
        ValueRules.Name(scope, "name", policy.Name);
        ValueRules.Name(scope, "last_updated", policy.LastUpdated);
        LimitRules.Check(scope, "", policy.Limits);
        AccessRightRules.Check(scope, policy.AccessRights, patterns);
        ValueRules.Tags(scope, policy.Tags);
        ValueRules.Integer(scope, "key_expires_in", policy.KeyExpiresIn, RuleNumbers.LongestSeconds);
        ValueRules.PostExpiry(scope, policy.PostExpiryAction, policy.PostExpiryGracePeriod);
        ValueRules.Metadata(scope, policy.Metadata);
        ValueRules.AllowedIps(scope, policy.AllowedIps);
        LimitRules.CheckBehavior(scope, policy.Behavior);
        ValueRules.Free(scope, "", policy.ExtraFields);
        CheckPartitions(scope, policy);
        CheckCoverage(scope, policy);
    }

    private static void CheckPartitions(FindingScope scope, Policy policy)
    {
        if (policy.Partitions is { PerApi: true, IsPartitioned: true })
        {
            scope.Error(
                "partitions", "has per_api together with quota, rate_limit, acl or complexity: write either per_api alone, or the others.");
        }

        foreach (var (apiId, right) in policy.AccessRights.Take(RuleNumbers.MostAccessRights))
        {
            var path = FindingScope.Join("access_rights", apiId);
            if (right.Limit is not null && !policy.Partitions.PerApi)
            {
                scope.Warn(
                    $"{path}.limit", "has no effect in a policy without partitions.per_api: set it, or write the limits at the root.");
            }

            if (!right.Endpoints.IsEmpty && !policy.Partitions.CoversRate)
            {
                scope.Warn($"{path}.endpoints", "has no effect in a policy that does not cover rate_limit: set partitions.rate_limit.");
            }

            if (!policy.Partitions.CoversAcl && !(right.AllowedUrls.IsEmpty && right.Versions.IsEmpty))
            {
                scope.Warn(
                    right.AllowedUrls.IsEmpty ? $"{path}.versions" : $"{path}.allowed_urls",
                    "has no effect in a policy that does not cover acl: set partitions.acl.");
            }
        }
    }

    private static void CheckCoverage(FindingScope scope, Policy policy)
    {
        if (policy.Partitions.CoversRate && !IsSet(policy, limits => limits.Rate.IsSet))
        {
            scope.Warn("rate", "is not set by this policy, which covers it: its keys have no rate limit. Write -1 if that is meant.");
        }

        if (policy.Partitions.CoversQuota && !IsSet(policy, limits => limits.Quota.IsSet))
        {
            scope.Warn("quota_max", "is not set by this policy, which covers it: its keys have no quota. Write -1 if that is meant.");
        }
    }

    // With per_api the root stands in for each API that sets nothing, so it may only be absent where every API sets its own.
    private static bool IsSet(Policy policy, Func<LimitSettings, bool> isSet) =>
        isSet(policy.Limits)
        || (policy.Partitions.PerApi
            && !policy.AccessRights.IsEmpty
            && policy.AccessRights.Values.All(right => right.Limit is { } limit && isSet(limit)));
}
