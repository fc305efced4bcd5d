using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;

namespace Decision.Engine.Rules;

/// <summary>The rules of an API's values. What two APIs may not share is checked where the registry is built.</summary>
public static class ApiRules
{
    /// <summary>Checks an API, whether it came as JSON, by gRPC or out of a store.</summary>
    /// <param name="api">The API.</param>
    /// <param name="findings">Receives every error and warning, with the field's path and what to write instead.</param>
    /// <param name="subjectPrefix">Stands before <c>API orders</c> in findings, such as a file's name.</param>
    /// <param name="matching">How path patterns are read.</param>
    public static void Check(
        Api api, FindingList findings, string subjectPrefix = "", UrlMatching matching = UrlMatching.Segments) =>
        Check(api, findings, subjectPrefix, new PatternCheck(matching));

    /// <summary>Checks one of many, whose patterns are tried once.</summary>
    internal static void Check(Api api, FindingList findings, string subjectPrefix, PatternCheck patterns)
    {
        var scope = new FindingScope(Subjects.Api(api.Id, subjectPrefix), findings);
        ValueRules.Id(scope, "api_id", api.Id);
        ValueRules.Id(scope, "organization_id", api.OrganizationId, mayBeEmpty: true);
        ValueRules.Name(scope, "name", api.Name);
        CheckMapping(scope, api);
        CheckVersions(scope, api);
        CheckAuth(scope, api.Auth);
        AccessRightRules.CheckUrls(scope, "public", api.Public, patterns, emptyIsEvery: true);
        LimitRules.CheckRate(scope, "", api.Rate);
        ValueRules.Free(scope, "", api.ExtraFields);
    }

    private static void CheckMapping(FindingScope scope, Api api)
    {
        if (api.ListenPath.Length > 0 && api.ListenPath[0] != '/')
        {
            scope.Error(
                "listen_path", $"{JsonText.Quote(api.ListenPath)} does not begin with '/': write {JsonText.Quote("/" + api.ListenPath)}.");
        }
        else if (api.ListenPath.Length > 0)
        {
            CheckListenPath(scope, api);
        }
        else if (!api.Hosts.IsEmpty)
        {
            scope.Warn("hosts", "has no effect without a listen_path: write \"/\" for every path of these hosts.");
        }

        ValueRules.Count(scope, "hosts", api.Hosts.Length, RuleNumbers.MostEntries);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < Math.Min(api.Hosts.Length, RuleNumbers.MostEntries); index++)
        {
            var host = api.Hosts[index];
            if (HostName.ProblemOf(host) is { } problem)
            {
                scope.Error($"hosts[{index}]", $"{JsonText.Quote(host)}: {problem}");
            }
            else if (!seen.Add(host))
            {
                scope.Warn($"hosts[{index}]", $"{JsonText.Quote(host)} is there twice: remove one.");
            }
        }
    }

    // One entry alone: whether two APIs share a place is seen where the registry is built.
    private static void CheckListenPath(FindingScope scope, Api api)
    {
        ListenPathIndex.Build([new ListenPathEntry<Api>(api.Id, [], api.ListenPath, api)], out var problems);
        foreach (var problem in problems)
        {
            scope.Error("listen_path", problem.Problem);
        }
    }

    private static void CheckVersions(FindingScope scope, Api api)
    {
        ValueRules.Count(scope, "versions", api.Versions.Length, RuleNumbers.MostEntries);
        for (var index = 0; index < Math.Min(api.Versions.Length, RuleNumbers.MostEntries); index++)
        {
            if (api.Versions[index].Length == 0)
            {
                scope.Error($"versions[{index}]", "is empty: write the version's name, or remove it.");
            }

            ValueRules.Name(scope, $"versions[{index}]", api.Versions[index]);
        }

        if (api.DefaultVersion.Length > 0 && !api.Versions.Contains(api.DefaultVersion))
        {
            var known = api.Versions.IsEmpty ? "there are none" : $"they are {JsonText.Shorten(string.Join(", ", api.Versions))}";
            scope.Error(
                "default_version",
                $"{JsonText.Quote(api.DefaultVersion)} is not among versions ({known}): add it there, or write one of them.");
        }
    }

    private static void CheckAuth(FindingScope scope, ApiCredentialSource auth)
    {
        if (auth.Header.Length > 0 && !ValueRules.IsToken(auth.Header))
        {
            scope.Error("auth.header", $"{JsonText.Quote(auth.Header)} is not a header's name: write one such as X-Api-Key.");
        }

        if (auth.Cookie.Length > 0 && !ValueRules.IsToken(auth.Cookie))
        {
            scope.Error("auth.cookie", $"{JsonText.Quote(auth.Cookie)} is not a cookie's name: use letters, digits, '-' or '_'.");
        }

        ValueRules.Name(scope, "auth.query_parameter", auth.QueryParameter);
        if (auth.QueryParameter.Any(char.IsControl))
        {
            scope.Error("auth.query_parameter", $"{JsonText.Quote(auth.QueryParameter)} has control characters: remove them.");
        }
    }
}
