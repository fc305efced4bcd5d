using System.Text;
using Decision.Engine.Findings;
using Decision.Engine.Json;

namespace Decision.Engine.Tests.Json;

public sealed class ApiJsonTests
{
    private const string FullApi =
        """{"api_id":"orders","name":"Orders","organization_id":"acme","listen_path":"/orders/","hosts":["api.example.com"],"versions":["v1","v2"],"default_version":"v1","auth":{"header":"X-Key","query_parameter":"key","cookie":"key"},"public":[{"url":"/health","methods":["GET"]},{"url":"/","methods":["OPTIONS"]}],"rate":100,"per":1,"rate_algorithm":"fixed_window"}""";

    private const string FullOrganization =
        """{"organization_id":"acme","name":"Acme","rate":100,"per":1,"rate_algorithm":"token_bucket","burst":200,"quota_max":5000,"quota_period":"month","quota_time_zone":"Asia/Tokyo","is_inactive":true,"key_default_expiry":86400,"meta_data":{"a":1}}""";

    [Fact]
    public void Write_every_field_of_an_api_comes_back()
    {
        var findings = new FindingList();

        var api = ApiJson.ReadChecked(Shape.Element(FullApi), null, findings)!;

        Assert.Empty(findings);
        Assert.Equal("orders", api.Id);
        Assert.Equal(FullApi, Shape.Write(writer => ApiJson.Write(writer, api)));
    }

    [Fact]
    public void Write_every_field_of_an_organisation_comes_back()
    {
        var findings = new FindingList();

        var organization = OrganizationJson.ReadChecked(Shape.Element(FullOrganization), null, findings)!;

        Assert.Empty(findings);
        Assert.Equal(FullOrganization, Shape.Write(writer => OrganizationJson.Write(writer, organization)));
    }

    [Theory]
    [InlineData("""{"apiid":"a","org_id":"o"}""", """{"api_id":"a","organization_id":"o"}""")]
    [InlineData("""{"api_id":"a","auth":null,"hosts":null,"rate":0}""", """{"api_id":"a"}""")]
    public void ReadChecked_other_spellings_are_taken(string json, string expected)
    {
        var findings = new FindingList();

        var api = ApiJson.ReadChecked(Shape.Element(json), null, findings)!;

        Assert.Empty(findings);
        Assert.Equal(expected, Shape.Write(writer => ApiJson.Write(writer, api)));
    }

    [Theory]
    [InlineData("""{"organization_id":"o","x":1}""", """{"organization_id":"o","x":1}""", "warning organisation o: x: is an unknown field; it is kept without effect.")]
    [InlineData("""{"id":"o","naem":1}""", """{"organization_id":"o","naem":1}""", "warning organisation o: naem: is an unknown field; it is kept without effect. Did you mean name?")]
    public void ReadChecked_unknown_field_of_an_organisation_is_kept(string json, string expected, string warning)
    {
        var findings = new FindingList();

        var organization = OrganizationJson.ReadChecked(Shape.Element(json), null, findings)!;

        Assert.Equal([warning], Shape.Lines(findings));
        Assert.Equal(expected, Shape.Write(writer => OrganizationJson.Write(writer, organization)));
    }

    [Fact]
    public void ReadChecked_unknown_field_of_auth_is_kept()
    {
        var findings = new FindingList();

        var api = ApiJson.ReadChecked(Shape.Element("""{"api_id":"a","auth":{"headers":"X"}}"""), null, findings)!;

        Assert.Equal(["warning API a: auth.headers: is an unknown field; it is kept without effect. Did you mean header?"], Shape.Lines(findings));
        Assert.Equal("""{"api_id":"a","auth":{"headers":"X"}}""", Shape.Write(writer => ApiJson.Write(writer, api)));
    }

    [Theory]
    [InlineData("""[{"api_id":"a"},{"api_id":"b"}]""")]
    [InlineData("""{"a":{},"b":{"api_id":"b"}}""")]
    public void Document_array_and_object_are_both_taken(string json)
    {
        var findings = new FindingList();

        var apis = ApiDocument.Read(Encoding.UTF8.GetBytes(json), "apis.json", findings)!;

        Assert.Empty(findings);
        Assert.Equal(["a", "b"], apis.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("5", "error apis.json: expected an array of APIs, or an object API id -> API, got the number 5.")]
    [InlineData("[5]", "error apis.json: [0] API: expected an object, got the number 5.")]
    [InlineData("""[{"api_id":"a"},{"api_id":"a"}]""", "error apis.json: [1] API a: api_id: is there twice: remove one.")]
    [InlineData("""{"a":{},"a":{}}""", "error apis.json: API a: api_id: is there twice: remove one.")]
    [InlineData("[{}]", "error apis.json: [0] API: api_id: is missing: write an id of 1 to 128 letters, digits, '.', '_', '~' or '-'.")]
    [InlineData("""{"\ud800":{}}""", "error apis.json: has an API id that is not valid Unicode text.")]
    [InlineData("""{"a":{"hosts":"x"}}""", "error apis.json: API a: hosts: expected an array, each item a string, got the string \"x\".")]
    public void Document_wrong_content_is_one_error(string json, string expected)
    {
        var findings = new FindingList();

        Assert.Null(ApiDocument.Read(Encoding.UTF8.GetBytes(json), "apis.json", findings));

        Assert.Equal([expected], Shape.Lines(findings));
    }
}
