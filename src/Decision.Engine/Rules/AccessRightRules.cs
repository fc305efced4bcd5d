using System.Collections.Immutable;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Policies;

namespace Decision.Engine.Rules;

/// <summary>Rules of access rights, which policies and keys share.</summary>
internal static class AccessRightRules
{
    private const string Root = "access_rights";

    public static void Check(FindingScope scope, ImmutableSortedDictionary<string, AccessRight> rights, PatternCheck patterns)
    {
        ValueRules.Count(scope, Root, rights.Count, RuleNumbers.MostAccessRights);
        foreach (var (apiId, right) in rights.Take(RuleNumbers.MostAccessRights))
        {
            Check(scope, FindingScope.Join(Root, apiId), apiId, right, patterns);
        }
    }

    /// <summary>
    /// Path patterns with methods; an entry without methods matches nothing, or everything where <paramref name="emptyIsEvery"/>.
    /// </summary>
    public static void CheckUrls(
        FindingScope scope, string path, ImmutableArray<AllowedUrl> urls, PatternCheck patterns, bool emptyIsEvery = false)
    {
        ValueRules.Count(scope, path, urls.Length, RuleNumbers.MostEntries);
        for (var index = 0; index < Math.Min(urls.Length, RuleNumbers.MostEntries); index++)
        {
            var item = $"{path}[{index}]";
            CheckPattern(scope, $"{item}.url", urls[index].Url, patterns);
            CheckMethods(scope, $"{item}.methods", urls[index].Methods);
            if (urls[index].Methods.IsDefaultOrEmpty && !emptyIsEvery)
            {
                scope.Warn(
                    $"{item}.methods",
                    $"is empty: {JsonText.Quote(urls[index].Url)} never matches. Write the methods that are granted.");
            }
        }
    }

    private static void Check(FindingScope scope, string path, string apiId, AccessRight right, PatternCheck patterns)
    {
        ValueRules.Id(scope, path, apiId);
        if (right.ApiId.Length > 0 && right.ApiId != apiId)
        {
            scope.Warn(
                $"{path}.api_id",
                $"is {JsonText.Quote(right.ApiId)}, but the rights stand under {JsonText.Quote(apiId)}, which counts: make them equal.");
        }

        ValueRules.Name(scope, $"{path}.api_name", right.ApiName);
        ValueRules.Name(scope, $"{path}.allowance_scope", right.AllowanceScope);
        ValueRules.Count(scope, $"{path}.versions", right.Versions.Length, RuleNumbers.MostEntries);
        CheckUrls(scope, $"{path}.allowed_urls", right.AllowedUrls, patterns);
        CheckGraph(scope, path, right);
        if (right.Limit is { } limit)
        {
            LimitRules.Check(scope, $"{path}.limit", limit);
            ValueRules.Free(scope, $"{path}.limit", limit.ExtraFields);
        }

        CheckEndpoints(scope, $"{path}.endpoints", right.Endpoints, patterns);
        ValueRules.Free(scope, path, right.ExtraFields);
    }

    private static void CheckGraph(FindingScope scope, string path, AccessRight right)
    {
        CheckGraphList(scope, $"{path}.restricted_types", right.RestrictedTypes.Length);
        CheckGraphList(scope, $"{path}.allowed_types", right.AllowedTypes.Length);
        CheckGraphList(scope, $"{path}.field_access_rights", right.FieldAccessRights.Length);
        for (var index = 0; index < Math.Min(right.FieldAccessRights.Length, RuleNumbers.MostEntries); index++)
        {
            ValueRules.Integer(
                scope,
                $"{path}.field_access_rights[{index}].limits.max_query_depth",
                right.FieldAccessRights[index].MaxQueryDepth,
                int.MaxValue,
                "unlimited");
        }
    }

    private static void CheckGraphList(FindingScope scope, string field, int count)
    {
        ValueRules.Count(scope, field, count, RuleNumbers.MostEntries);
        if (count > 0)
        {
            scope.Warn(field, "is kept and given back for the proxy, but not enforced here, where no body is seen (difference D22).");
        }
    }

    private static void CheckEndpoints(FindingScope scope, string path, ImmutableArray<EndpointRight> endpoints, PatternCheck patterns)
    {
        ValueRules.Count(scope, path, endpoints.Length, RuleNumbers.MostEntries);
        for (var index = 0; index < Math.Min(endpoints.Length, RuleNumbers.MostEntries); index++)
        {
            var (pattern, methods) = endpoints[index];
            var item = $"{path}[{index}]";
            CheckPattern(scope, $"{item}.path", pattern, patterns);
            ValueRules.Count(scope, $"{item}.methods", methods.Length, RuleNumbers.MostEntries);
            if (methods.IsDefaultOrEmpty)
            {
                scope.Warn($"{item}.methods", $"is empty: {JsonText.Quote(pattern)} never matches. Write the methods that are limited.");
            }

            for (var method = 0; method < Math.Min(methods.Length, RuleNumbers.MostEntries); method++)
            {
                CheckMethod(scope, $"{item}.methods[{method}].name", methods[method].Name);
                LimitRules.CheckRate(scope, $"{item}.methods[{method}].limit", methods[method].Rate);
            }
        }
    }

    private static void CheckPattern(FindingScope scope, string field, string pattern, PatternCheck patterns)
    {
        if (pattern.Length == 0)
        {
            scope.Error(field, "is missing: write a path such as /users, or a regular expression.");
        }
        else if (patterns.ProblemOf(pattern) is { } problem)
        {
            scope.Error(field, $"{JsonText.Quote(pattern)}: {problem}");
        }
    }

    private static void CheckMethods(FindingScope scope, string field, ImmutableArray<string> methods)
    {
        ValueRules.Count(scope, field, methods.Length, RuleNumbers.MostEntries);
        for (var index = 0; index < Math.Min(methods.Length, RuleNumbers.MostEntries); index++)
        {
            CheckMethod(scope, $"{field}[{index}]", methods[index]);
        }
    }

    private static void CheckMethod(FindingScope scope, string field, string method)
    {
        if (!ValueRules.IsToken(method))
        {
            scope.Error(field, $"{JsonText.Quote(method)} is not an HTTP method: write one such as GET.");
        }
    }
}
