using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Grants;
using Decision.Engine.Policies;

namespace Decision.Engine.Tests.Cases;

/// <summary>Compares the merge of a key with what a case expects, in every order of the key's policies.</summary>
internal static class MergeCheck
{
    // 5! = 120 orders; more policies than that are tried as written and reversed.
    private const int MostPermuted = 5;

    public static void Run(ExpectedMerge expected, CaseWorld world, Differences differences)
    {
        if (world.Key(expected.Key) is not { } key)
        {
            differences.Add($"expect_merge: there is no key \"{expected.Key}\".");
            return;
        }

        foreach (var order in Orders(expected, key.ApplyPolicies))
        {
            string at = order.SequenceEqual(key.ApplyPolicies) ? "merge" : $"merge in order {string.Join(", ", order)}";
            var ordered = key with { ApplyPolicies = order };
            Compare(expected, KeyMerge.Apply(ordered, world.Rules.Policies, world.Options.Grants), at, differences);
        }
    }

    private static IEnumerable<ImmutableArray<string>> Orders(ExpectedMerge expected, ImmutableArray<string> written) =>
        expected.InOrder ? [written]
        : written.Length > MostPermuted ? [written, [.. written.Reverse()]]
        : Permutations(written);

    private static IEnumerable<ImmutableArray<string>> Permutations(ImmutableArray<string> ids) => ids.Length <= 1
        ? [ids]
        : Enumerable.Range(0, ids.Length).SelectMany(first => Permutations(ids.RemoveAt(first)).Select(rest => rest.Insert(0, ids[first])));

    private static void Compare(ExpectedMerge expected, MergedKey merged, string at, Differences differences)
    {
        differences.Compare($"{at} failure", expected.Failure, MergeText.Reason(merged.Failure));
        differences.Compare($"{at} failure_origin", expected.FailureOrigin, merged.FailureOrigin);
        differences.Compare($"{at} inactive_by", expected.InactiveBy, merged.InactiveOrigin);
        differences.Compare($"{at} requires_signature", expected.RequiresSignature, merged.RequiresSignature);
        differences.Compare($"{at} expires", expected.Expires, CaseTime.FormatMoment(merged.Expires));
        differences.Compare($"{at} expires_from", expected.ExpiresFrom, merged.ExpiresOrigin);
        differences.CompareSets($"{at} tags", expected.Tags, merged.Tags);
        differences.CompareSets(
            $"{at} metadata",
            expected.Metadata?.Select(entry => $"{entry.Key}={entry.Value}"),
            merged.Metadata.Select(entry => $"{entry.Key}={Text(entry.Value)}"));
        differences.CompareSets($"{at} policies", expected.Policies, merged.Policies.Select(entry => entry.Policy.Id));
        differences.CompareSets($"{at} missing_policies", expected.MissingPolicies, merged.MissingPolicies.Select(missing => missing.PolicyId));
        differences.Compare($"{at} master", expected.Master, merged.IsMaster);
        differences.CompareSets($"{at} rights", expected.Rights, merged.Rights.Keys);
        foreach (var (api, right) in expected.Apis)
        {
            if (merged.Rights.TryGetValue(api, out var actual))
            {
                CompareRight(right, actual, $"{at} {api}", differences);
            }
            else
            {
                differences.Add($"{at}: no right on {api}");
            }
        }

        CompareOutside(expected, merged, at, differences);
    }

    private static void CompareOutside(ExpectedMerge expected, MergedKey merged, string at, Differences differences)
    {
        if (expected.AnyApi is { } any)
        {
            if (merged.AnyApi is { } actual)
            {
                CompareRight(any, actual, $"{at} any_api", differences);
            }
            else
            {
                differences.Add($"{at}: no right on any API");
            }
        }

        if (expected.Root is { } root)
        {
            CompareLimits(root, merged.Root, $"{at} root", differences);
        }
    }

    private static void CompareLimits(ExpectedRight expected, MergedLimits limits, string at, Differences differences)
    {
        differences.Compare($"{at} rate", expected.Rate, MergeText.Rate(limits.Rate));
        differences.Compare($"{at} rate_from", expected.RateFrom, limits.Rate?.Origin.Name ?? "");
        differences.Compare($"{at} rate_scope", expected.RateScope, limits.Rate?.Scope ?? "");
        differences.Compare($"{at} quota", expected.Quota, MergeText.Quota(limits.Quota));
        differences.Compare($"{at} quota_from", expected.QuotaFrom, limits.Quota?.Origin.Name ?? "");
        differences.Compare($"{at} quota_scope", expected.QuotaScope, limits.Quota?.Scope ?? "");
        differences.Compare($"{at} depth", expected.Depth, limits.MaxQueryDepth?.Value ?? 0);
        differences.Compare($"{at} throttle", expected.Throttle, MergeText.Throttle(limits));
    }

    private static void CompareRight(ExpectedRight expected, MergedRight right, string at, Differences differences)
    {
        CompareLimits(expected, right.Limits, at, differences);
        differences.CompareSets($"{at} versions", expected.Versions, right.Access.Versions);
        differences.CompareMaps(
            $"{at} allowed_urls", expected.AllowedUrls, right.Access.AllowedUrls.Select(url => (url.Url, url.Methods.AsEnumerable())));
        differences.CompareMaps($"{at} restricted_types", expected.RestrictedTypes, Types(right.Access.RestrictedTypes));
        differences.CompareMaps($"{at} allowed_types", expected.AllowedTypes, Types(right.Access.AllowedTypes));
        differences.CompareSets(
            $"{at} field_depths",
            expected.FieldDepths,
            right.Access.FieldAccessRights.Select(field => $"{field.TypeName}.{field.FieldName} {field.MaxQueryDepth}"));
        differences.Compare($"{at} introspection_disabled", expected.IntrospectionDisabled, right.Access.DisableIntrospection);
        differences.CompareLists($"{at} endpoints", expected.Endpoints, right.Endpoints.Select(MergeText.Endpoint));
        differences.CompareSets($"{at} allowed_ips", expected.AllowedIps, right.AllowedIps);
        differences.CompareSets($"{at} granted_by", expected.GrantedBy, right.GrantedBy);
        differences.Compare($"{at} on_store_failure_rate", expected.OnStoreFailureRate, MergeText.Word(right.RateBehavior.OnStoreFailure));
        differences.Compare($"{at} on_store_failure_quota", expected.OnStoreFailureQuota, MergeText.Word(right.QuotaBehavior.OnStoreFailure));
        differences.Compare($"{at} limits_mode", expected.LimitsMode, MergeText.Word(right.RateBehavior.Mode));
        differences.Compare($"{at} enforcement", expected.Enforcement, MergeText.Word(right.RateBehavior.Enforcement));
    }

    private static IEnumerable<(string Name, IEnumerable<string> Values)> Types(ImmutableArray<GraphType> types) =>
        types.Select(type => (type.Name, type.Fields.AsEnumerable()));

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
