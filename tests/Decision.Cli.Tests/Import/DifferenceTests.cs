using System.Text.Json.Nodes;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Import;

/// <summary>Each difference from Tyk is found where it applies, and nowhere else, and is sorted by what it does.</summary>
public sealed class DifferenceTests
{
    private const string Api = "\"access_rights\": {\"a\": {}}";
    private const string Two = "\"access_rights\": {\"a\": {}, \"b\": {}}";

    public static TheoryData<string, string, string, string, string> Cases => new()
    {
        { "D1", "narrows", "policy p", $$$"""{"p": {"active": false, {{{Api}}}}}""", "" },
        { "D1", "narrows", "key", $$$"""{"p": {"active": false, {{{Api}}}}, "q": { {{{Api}}} }}""", """{"apply_policies": ["p", "q"]}""" },
        { "D1", "widens_access", "key", $$$"""{"p": {"active": false, "hmac_enabled": true, {{{Api}}}}, "q": { {{{Api}}} }}""", """{"apply_policies": ["p", "q"]}""" },
        { "D1", "widens_access", "key", $$$"""{"p": {"active": false, "access_rights": {"a": {"allowed_urls": [{"url": "/x", "methods": ["GET"]}] } } }, "q": { {{{Api}}} }}""", """{"apply_policies": ["p", "q"]}""" },
        { "D2", "widens_access", "key", """{"p": {"rate": 5, "per": 1, "partitions": {"rate_limit": true}}}""", """{"apply_policies": ["p"], "access_rights": {"a": {}}}""" },
        { "D3", "narrows", "key", $$$"""{"p": { {{{Api}}} }}""", """{"apply_policies": ["p"], "is_inactive": true}""" },
        { "D4", "cosmetic", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D5", "widens_limit", "key", $$$"""{"p": {"quota_max": 10, "quota_renewal_rate": 60, {{{Api}}}}, "q": {"quota_max": 5, "quota_renewal_rate": 3600, {{{Api}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D5", "narrows", "key", $$$"""{"p": {"quota_max": 10, {{{Api}}}}, "q": {"quota_max": 5, "quota_renewal_rate": 3600, {{{Api}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D6", "widens_access", "key", """{"p": {"partitions": {"per_api": true}, "access_rights": {"a": {"allowed_urls": [{"url": "/x", "methods": ["GET"]}]}}}, "q": {"partitions": {"per_api": true}, "access_rights": {"a": {"allowed_urls": [{"url": "/y", "methods": ["GET"]}]}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D6", "narrows", "key", """{"p": {"partitions": {"per_api": true}, "access_rights": {"a": {"allowed_urls": [{"url": "/x", "methods": ["GET"]}]}}}, "q": {"partitions": {"per_api": true}, "access_rights": {"a": {}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D7", "widens_limit", "policy p", $$$"""{"p": {"rate": -1, "per": 0, {{{Api}}}}}""", "" },
        { "D7", "widens_limit", "key", $$$"""{"p": {"rate": -1, "per": 0, {{{Api}}}}, "q": {"rate": 5, "per": 1, {{{Api}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D8", "narrows", "policy p", """{"p": {"access_rights": {"a": {"allowed_urls": [{"url": "/user", "methods": ["GET"]}]}}}}""", "" },
        { "D8", "widens_access", "policy p", """{"p": {"access_rights": {"a": {"allowed_urls": [{"url": "/user", "methods": ["get"]}]}}}}""", "" },
        { "D8", "widens_access", "policy p", """{"p": {"access_rights": {"a": {"allowed_urls": [{"url": "^/user", "methods": ["GET"]}]}}}}""", "" },
        { "D8", "narrows", "policy p", """{"p": {"access_rights": {"a": {"allowed_urls": [{"url": "/user/[0-9]{3}$", "methods": ["GET"]}]}}}}""", "" },
        { "D8", "narrows", "key", "{}", """{"access_rights": {"a": {"allowed_urls": [{"url": "/user", "methods": ["GET"]}]}}}""" },
        { "D9", "cosmetic", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D10", "cosmetic", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D11", "narrows", "key", $$$"""{"p": {"key_expires_in": 60, {{{Api}}}}}""", """{"apply_policies": ["p"], "expires": 1999999999}""" },
        { "D12", "cosmetic", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D13", "cosmetic", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D14", "cosmetic", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D15", "narrows", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D16", "narrows", "key", $$$"""{"p": {"key_expires_in": 60, {{{Api}}}}, "q": {"key_expires_in": 90, {{{Api}}}}}""", """{"apply_policies": ["p", "q"], "expires": 1999999999}""" },
        { "D17", "narrows", "all", $$$"""{"p": { {{{Api}}} }}""", "" },
        { "D18", "widens_limit", "key", $$$"""{"p": {"rate": 5, "per": 1, "partitions": {"rate_limit": true}, "access_rights": {"b": {} } }, "q": {"partitions": {"acl": true}, {{{Api}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D18", "widens_limit", "key", $$$"""{"p": {"quota_max": 5, "partitions": {"quota": true}, "access_rights": {"b": {} } }, "q": {"partitions": {"acl": true}, {{{Api}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D19", "widens_limit", "key", $$$"""{"p": {"rate": 5, "per": 30, {{{Api}}}}, "q": {"rate": 10, "per": 60, {{{Api}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D20", "narrows", "policy p", $$$"""{"p": {"rate": 5, "per": 1, "throttle_interval": 1, "throttle_retry_limit": 3, {{{Api}}}}}""", "" },
        { "D20", "narrows", "key", "{}", """{"rate": 5, "per": 1, "throttle_retry_limit": 3, "access_rights": {"a": {}}}""" },
        { "D21", "widens_limit", "policy p", $$$"""{"p": {"rate": 50, "per": 1, "smoothing": {"enabled": true, "threshold": 5, "trigger": 0.5, "step": 5, "delay": 30}, {{{Api}}}}}""", "" },
        { "D21", "cosmetic", "policy p", $$$"""{"p": {"rate": 50, "per": 1, "smoothing": {"enabled": true, "threshold": 5}, {{{Api}}}}}""", "" },
        { "D22", "widens_access", "policy p", """{"p": {"access_rights": {"a": {"restricted_types": [{"name": "User", "fields": ["email"]}]}}}}""", "" },
        { "D22", "widens_limit", "policy p", $$$"""{"p": {"max_query_depth": 3, {{{Api}}}}}""", "" },
        { "D23", "widens_limit", "key", $$$"""{"p": {"quota_max": 9, "quota_renewal_rate": 60, "access_rights": {"a": {}, "c": {} } }, "q": {"quota_max": 5, "quota_renewal_rate": 60, {{{Two}}}}}""", """{"apply_policies": ["p", "q"]}""" },
        { "D24", "narrows", "policy p", """{"p": {"rate": 5, "per": 1, "partitions": {"per_api": true}, "access_rights": {"a": {"limit": {"quota_max": 9}}}}}""", "" },
        { "D24", "narrows", "key", "{}", """{"rate": 5, "per": 1, "access_rights": {"a": {"limit": {"quota_max": 9}}}}""" },
        { "D25", "cosmetic", "key", $$$"""{"p": { {{{Api}}} }}""", """{"apply_policies": ["p", "gone"]}""" },
        { "D26", "cosmetic", "key", $$$"""{"p": {"tags": ["gold"], {{{Api}}}}}""", """{"apply_policies": ["p"], "tags": ["gold", "own"]}""" },
        { "times", "widens_limit", "policy p", $$$"""{"p": {"rate": 0.5, "per": 1, {{{Api}}}}}""", "" },
        { "times", "narrows", "policy p", $$$"""{"p": {"rate": 2, "per": 0.5, {{{Api}}}}}""", "" },
        { "lifetime", "widens_access", "key", $$$"""{"p": { {{{Api}}} }}""", """{"apply_policies": ["p"], "session_lifetime": 60}""" },
        { "names", "narrows", "key 75c0f2a8", $$$"""{"p": { {{{Api}}} }}""", "named" },
        { "usage", "narrows", "key", $$$"""{"p": {"quota_max": 9, {{{Api}}}}}""", """{"apply_policies": ["p"], "quota_max": 9, "quota_remaining": 4, "quota_renews": 1999999999}""" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Plan_difference_is_found_and_sorted(string code, string effect, string subject, string policies, string session)
    {
        var run = await PlanAsync(policies, session);

        var found = Effects(run).Where(one => one.Code == code).ToList();
        Assert.True(
            found.Exists(one => one.Effect == effect && one.Subject.StartsWith(session == "named" ? "key" : subject, StringComparison.Ordinal)),
            $"{code} {effect} was not found.\n{run.Out}\n{run.Error}");
    }

    [Fact]
    public void Cases_have_every_difference()
    {
        var tried = Cases.Select(row => row.Data.Item1).ToHashSet();

        Assert.Empty(Enumerable.Range(1, 26).Select(number => $"D{number}").Except(tried));
    }

    [Fact]
    public async Task Plan_of_plain_policies_and_keys_has_nothing_that_widens_or_narrows_them()
    {
        var run = await PlanAsync(
            """
            {"p": {"rate": 5, "per": 1, "quota_max": 10, "quota_renewal_rate": 60, "access_rights": {"a": {"versions": ["Default"]}}, "active": true, "tags": [], "key_expires_in": 0},
             "q": {"rate": 9, "per": 1, "quota_max": 20, "quota_renewal_rate": 60, "access_rights": {"a": {}}}}
            """,
            """{"apply_policies": ["p", "q"], "org_id": "", "alias": "one"}""");

        run.Expect(ExitCode.Done);
        Assert.DoesNotContain(Effects(run), one => one.Subject != "all" && one.Effect != "cosmetic");
    }

    [Theory]
    [InlineData("^/api/users", "/api/", false)]
    [InlineData("^/users", "/api/", true)]
    public async Task Plan_anchored_url_widens_unless_it_names_the_listen_path(string url, string listenPath, bool widens)
    {
        using var folder = new FileFolder();
        folder.Write("policies.json", $$$"""{"p": {"access_rights": {"a": {"allowed_urls": [{"url": "{{{url}}}", "methods": ["GET"]}] } } } }""");
        folder.Write("apps/a.json", $$$"""{"api_id": "a", "proxy": {"listen_path": "{{{listenPath}}}" } }""");

        var run = await new Tool().RunAsync("import", "tyk", folder.Path, "--offline", "--output", "json");

        Assert.Equal(widens, Effects(run).Any(one => one is { Code: "D8", Effect: "widens_access" }));
    }

    private static async Task<ToolRun> PlanAsync(string policies, string session)
    {
        using var folder = new FileFolder();
        folder.Write("policies.json", policies);
        if (session == "named")
        {
            folder.Write("keys.json", """{"53ac07777cbb8c2d53000002my-own-key-name": {"apply_policies": ["p"]}}""");
        }
        else if (session.Length > 0)
        {
            // alias tells an export of keys from policies, where the session alone would not.
            var key = (JsonObject)JsonNode.Parse(session)!;
            key["alias"] ??= "one";
            folder.Write("keys.json", new JsonObject { ["0123456789abcdef0123456789abcdef"] = key }.ToJsonString());
        }

        return await new Tool().RunAsync("import", "tyk", folder.Path, "--offline", "--output", "json");
    }

    private static IEnumerable<(string Code, string Effect, string Subject)> Effects(ToolRun run) =>
        run.Json["effects"]!.AsArray().Select(one => (one!["code"]!.GetValue<string>(), one["effect"]!.GetValue<string>(), one["subject"]!.GetValue<string>()));
}
