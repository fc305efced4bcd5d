using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Rules;
using Decision.Engine.Tests.Json;

namespace Decision.Engine.Tests.Rules;

public sealed class ApiRulesTests
{
    [Theory]
    [InlineData("""{"api_id":"a"}""", "")]
    [InlineData("""{"api_id":"a","listen_path":"/","hosts":["example.com","10.0.0.1","[::1]"]}""", "")]
    [InlineData("""{"api_id":"a","listen_path":"orders"}""", "error listen_path: \"orders\" does not begin with '/': write \"/orders\".")]
    [InlineData("""{"api_id":"a","hosts":["example.com"]}""", "warning hosts: has no effect without a listen_path: write \"/\" for every path of these hosts.")]
    [InlineData("""{"api_id":"a","listen_path":"/","hosts":["a.example","A.example"]}""", "warning hosts[1]: \"A.example\" is there twice: remove one.")]
    [InlineData("""{"api_id":"a","versions":["v1",""]}""", "error versions[1]: is empty: write the version's name, or remove it.")]
    [InlineData("""{"api_id":"a","versions":["v1"],"default_version":"v2"}""", "error default_version: \"v2\" is not among versions (they are v1): add it there, or write one of them.")]
    [InlineData("""{"api_id":"a","default_version":"v2"}""", "error default_version: \"v2\" is not among versions (there are none): add it there, or write one of them.")]
    [InlineData("""{"api_id":"a","auth":{"header":"X Key"}}""", "error auth.header: \"X Key\" is not a header's name: write one such as X-Api-Key.")]
    [InlineData("""{"api_id":"a","auth":{"cookie":"a;b"}}""", "error auth.cookie: \"a;b\" is not a cookie's name: use letters, digits, '-' or '_'.")]
    [InlineData("""{"api_id":"a","auth":{"query_parameter":"a\n"}}""", "error auth.query_parameter: \"a?\" has control characters: remove them.")]
    [InlineData("""{"api_id":"a","public":[{"url":"/x","methods":["GET"]}]}""", "")]
    [InlineData("""{"api_id":"a","public":[{"url":"/x"}]}""", "warning public[0].methods: is empty: \"/x\" never matches. Write the methods that are granted.")]
    [InlineData("""{"api_id":"a","public":[{"methods":["GET"]}]}""", "error public[0].url: is missing: write a path such as /users, or a regular expression.")]
    [InlineData("""{"api_id":"a","rate":1}""", "error per: is missing, but rate is 1: write seconds, from 0.001 to 315576000.")]
    [InlineData("""{"api_id":"a","organization_id":"a b"}""", "error organization_id: \"a b\" is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'.")]
    public void Check_names_field_value_and_mending(string json, string expected)
    {
        var findings = new FindingList();

        ApiRules.Check(ApiJson.Read(Shape.Element(json), null, findings)!, findings);

        Assert.Equal(expected, string.Join(" | ", Shape.Lines(findings)).Replace("API a: ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("listen_path", """{"api_id":"a","listen_path":"/x/*"}""")]
    [InlineData("listen_path", """{"api_id":"a","listen_path":"/x/../y"}""")]
    [InlineData("hosts[1]", """{"api_id":"a","listen_path":"/","hosts":["ok.example","https://example.com"]}""")]
    [InlineData("hosts[0]", """{"api_id":"a","listen_path":"/","hosts":[""]}""")]
    [InlineData("public[0].url", """{"api_id":"a","public":[{"url":"^(","methods":["GET"]}]}""")]
    public void Check_bad_path_or_host_is_one_error_at_its_place(string field, string json)
    {
        var findings = new FindingList();

        ApiRules.Check(ApiJson.Read(Shape.Element(json), null, findings)!, findings);

        Assert.Equal((field, FindingSeverity.Error), (Assert.Single(findings).Field, findings[0].Severity));
    }

    [Theory]
    [InlineData("""{"id":"o","rate":1,"per":1,"quota_max":5,"quota_renewal_rate":60,"key_default_expiry":60}""", "")]
    [InlineData("""{"id":"o","key_default_expiry":-1}""", "")]
    [InlineData("""{"id":"o","key_default_expiry":-2}""", "error organisation o: key_default_expiry: -2 is out of range: write 0 to 3155760000, or -1 for never.")]
    [InlineData("""{"id":"o","quota_max":-7}""", "error organisation o: quota_max: -7 is out of range: write 0 to 9007199254740991, or -1 for unlimited.")]
    [InlineData("""{"id":"o","rate":7}""", "error organisation o: per: is missing, but rate is 7: write seconds, from 0.001 to 315576000.")]
    [InlineData("{}", "")]
    [InlineData("""{"id":"a b"}""", "error organisation a b: organization_id: \"a b\" is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'.")]
    public void Check_organisation_names_field_value_and_mending(string json, string expected)
    {
        var findings = new FindingList();

        OrganizationRules.Check(OrganizationJson.Read(Shape.Element(json), null, findings)!, findings);

        Assert.Equal(expected, string.Join(" | ", Shape.Lines(findings)));
    }
}
