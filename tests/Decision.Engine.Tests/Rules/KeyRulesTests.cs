using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Rules;
using Decision.Engine.Tests.Json;

namespace Decision.Engine.Tests.Rules;

public sealed class KeyRulesTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"expires":-1,"session_lifetime":-1,"monitor":{"trigger_limits":[0,100]},"apply_policies":["a","b"]}""", "")]
    [InlineData("""{"expires":-2}""", "error expires: -2 is out of range: write 0 to 253402300799, or -1 for never.")]
    [InlineData("""{"expires":1700000000000}""", "error expires: 1700000000000 is out of range: write 0 to 253402300799, or -1 for never.")]
    [InlineData("""{"session_lifetime":-2}""", "error session_lifetime: -2 is out of range: write 0 to 3155760000, or -1 for ever.")]
    [InlineData("""{"rate":3}""", "error per: is missing, but rate is 3: write seconds, from 0.001 to 315576000.")]
    [InlineData("""{"access_rights":{"a":{"limit":{"quota_max":-3}}}}""", "error access_rights.a.limit.quota_max: -3 is out of range: write 0 to 9007199254740991, or -1 for unlimited.")]
    [InlineData("""{"access_rights":{"a":{"limit":{"rate":1,"per":1}}}}""", "")]
    [InlineData("""{"apply_policies":["a","a"]}""", "warning apply_policies[1]: \"a\" is there twice: remove one.")]
    [InlineData("""{"apply_policies":["a",""]}""", "error apply_policies[1]: is missing: write an id of 1 to 128 letters, digits, '.', '_', '~' or '-'.")]
    [InlineData("""{"org_id":"ä"}""", "error org_id: \"ä\" is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'.")]
    [InlineData("""{"monitor":{"trigger_limits":[101]}}""", "error monitor.trigger_limits[0]: 101 is not a percentage: write 0 to 100.")]
    [InlineData("""{"post_expiry_action":"keep"}""", "error post_expiry_action: expected retain, delete or nothing, got \"keep\".")]
    [InlineData("""{"meta_data":{"policies":[]}}""", "warning meta_data.policies: embedded policies are not supported: kept as metadata, without effect. Name policies in apply_policies.")]
    public void Check_names_field_value_and_mending(string json, string expected)
    {
        var findings = new FindingList();

        KeyRules.Check(KeyJson.Read(Shape.Element(json), findings)!, findings);

        Assert.Equal(expected, string.Join(" | ", Shape.Lines(findings)).Replace("key: ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_values_that_cannot_be_written_are_errors()
    {
        var findings = new FindingList();

        KeyRules.Check(
            new Key { Alias = new string('a', 1_025), DateCreatedUs = long.MaxValue, MonitorTriggerLimits = [double.NaN] }, findings, "key k1");

        Assert.Equal(
            [
                "error key k1: alias: has 1025 characters: write at most 1024.",
                "error key k1: monitor.trigger_limits[0]: NaN is not a percentage: write 0 to 100.",
                "error key k1: date_created: 9223372036854775807 microseconds is out of range: write a date of the years 1 to 9999.",
            ],
            Shape.Lines(findings));
    }

    [Theory]
    [InlineData("access", "")]
    [InlineData("access,quota", "")]
    [InlineData("quota", "warning access_rights: is empty, and no policy of the key grants an API: the key opens nothing unless master keys are allowed. Name the APIs here or in a policy.")]
    [InlineData("access,nothing", "error apply_policies[1]: \"nothing\" is no policy: create it first, or remove it.")]
    [InlineData("access,foreign", "error apply_policies[1]: \"foreign\" belongs to organisation \"other\", the key to \"acme\": use a policy of the key's organisation.")]
    [InlineData("access,draft", "warning apply_policies[1]: \"draft\" is not loaded (active: false), so the key may be refused until it is.")]
    [InlineData("perapi,quota", "error apply_policies: has a per_api policy together with a partitioned one: use either kind on one key.")]
    public void CheckKey_says_what_the_policies_make_of_it(string policies, string expected)
    {
        var set = new[]
        {
            """{"id":"access","org_id":"acme","access_rights":{"a":{}}}""",
            """{"id":"quota","org_id":"acme","partitions":{"quota":true},"access_rights":{"a":{}}}""",
            """{"id":"foreign","org_id":"other"}""",
            """{"id":"draft","org_id":"acme","active":false}""",
            """{"id":"perapi","org_id":"acme","partitions":{"per_api":true},"access_rights":{"a":{}}}""",
        }.Select(json => PolicyJson.Read(Shape.Element(json), null, [])!).ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        var findings = new FindingList();

        PolicySetRules.CheckKey(new Key { OrganizationId = "acme", ApplyPolicies = [.. policies.Split(',')] }, set, findings);

        Assert.Equal(expected, string.Join(" | ", Shape.Lines(findings)).Replace("key: ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void CheckKey_own_rights_grant_where_no_policy_does()
    {
        var findings = new FindingList();
        var key = KeyJson.Read(Shape.Element("""{"access_rights":{"a":{}}}"""), findings)!;

        PolicySetRules.CheckKey(key, new Dictionary<string, Policy>(), findings);

        Assert.Empty(findings);
    }
}
