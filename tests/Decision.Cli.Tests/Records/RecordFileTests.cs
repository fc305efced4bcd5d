using System.Text.Json;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Engine.Findings;

namespace Decision.Cli.Tests;

/// <summary>Records as files have them.</summary>
public sealed class RecordFileTests
{
    [Fact]
    public void Parse_policies_by_id_gives_each_with_unknown_fields_kept()
    {
        var findings = new FindingList();

        var policies = RecordFile.Parse(
            """{"gold": {"rate": 5, "per": 1, "quota_max": 9007199254740991, "x_team": "billing", "access_rights": {"a": {"apiid": "a", "x": 1}}}, "silver": {}}""",
            "policies.json",
            RecordKinds.Policy,
            findings);

        Assert.False(findings.HasErrors);
        Assert.Equal(["gold", "silver"], policies.Select(policy => policy.Id));
        Assert.Equal(9007199254740991, policies[0].QuotaMax);
        Assert.Equal("billing", policies[0].ExtraFields.Fields["x_team"].StringValue);
        Assert.Equal("a", policies[0].AccessRights["a"].ApiId);
        Assert.Equal(1, policies[0].AccessRights["a"].ExtraFields.Fields["x"].NumberValue);
    }

    [Fact]
    public void Parse_what_the_tool_writes_gives_the_same_policy()
    {
        var findings = new FindingList();
        var policy = RecordFile.Parse(
            """
            {"id": "gold", "name": "Gold", "org_id": "acme", "rate": 0.5, "per": 1, "quota_max": 100, "quota_period": "month", "active": false,
             "access_rights": {"a": {"api_id": "a", "versions": ["v1"], "allowed_urls": [{"url": "/x", "methods": ["GET"], "z": 3}], "more": {"y": [1]}}},
             "partitions": {"per_api": true}, "meta_data": {"extra_fields": {"kept": true}, "etag": "kept"}, "unknown": [{"a": 1}]}
            """,
            "gold.json",
            RecordKinds.Policy,
            findings)[0];
        policy.Etag = "e1";

        var again = RecordFile.Parse(JsonText.Write(ProtoJson.Of(policy)), "again.json", RecordKinds.Policy, findings)[0];

        Assert.False(findings.HasErrors);
        Assert.Equal(policy, again);
        Assert.Equal("kept", again.MetaData.Fields["etag"].StringValue);
    }

    [Fact]
    public void Parse_wrong_fields_tells_all_with_file_and_field()
    {
        var findings = new FindingList();

        RecordFile.Parse("""[{"id": "a", "rate": "fast"}, {"id": "b", "per": -7}]""", "two.json", RecordKinds.Policy, findings);

        Assert.Contains(findings, one => one.Subject.Contains("two.json", StringComparison.Ordinal) && one.Field == "rate");
        Assert.Contains(findings, one => one.Field == "per");
    }

    [Fact]
    public void Parse_api_takes_the_names_of_files_and_of_the_tool()
    {
        var findings = new FindingList();

        var apis = RecordFile.Parse(
            """[{"api_id": "a", "public": [{"url": "/", "methods": ["GET"]}]}, {"api_id": "b", "public": [{"pattern": "/", "methods": ["GET"]}]}]""",
            "apis.json",
            RecordKinds.Api,
            findings);

        Assert.False(findings.HasErrors);
        Assert.All(apis, api => Assert.Equal("/", api.Public[0].Pattern));
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("\"3600s\"")]
    public void Parse_organization_takes_its_default_expiry_in_seconds(string expiry)
    {
        var findings = new FindingList();

        var organization = RecordFile.Parse(
            $$"""{"organization_id": "acme", "key_default_expiry": {{expiry}}}""", "acme.json", RecordKinds.Organization, findings)[0];

        Assert.Equal(3600, organization.KeyDefaultExpiry.Seconds);
    }

    [Fact]
    public void Parse_broken_json_is_a_finding_that_names_the_file()
    {
        var findings = new FindingList();

        Assert.Empty(RecordFile.Parse("{", "broken.json", RecordKinds.Policy, findings));
        Assert.Contains("broken.json", Assert.Single(findings).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_verdict_has_fields_that_are_false_and_numbers_as_numbers()
    {
        var json = ProtoJson.Of(new Contracts.V1.AuthorizeResponse { Limits = { new Contracts.V1.LimitStatus { Name = "rate", Limit = 3 } } });

        Assert.False(json["allowed"]!.GetValue<bool>());
        Assert.Equal(3, json["limits"]![0]!["limit"]!.GetValue<long>());
        Assert.Equal(JsonValueKind.Array, json["tags"]!.GetValueKind());
    }
}
