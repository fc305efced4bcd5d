using System.Text;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Json;

public sealed class PolicyDocumentTests
{
    private const string GuidePolicy =
        """
        {
          "org_id": "53ac07777cbb8c2d53000002",
          "rate": 3,
          "per": 1,
          "quota_max": 1000,
          "quota_renewal_rate": 90000,
          "access_rights": {
            "b605a6f03cc14f8b74665452c263bf19": {
              "apiname": "Tyk Test API",
              "apiid": "b605a6f03cc14f8b74665452c263bf19",
              "versions": [ "Default" ],
              "allowed_urls": []
            },
            "3b7e73fd18794f146aab9c2e07b787bf": {
              "apiname": "Second Test API",
              "apiid": "3b7e73fd18794f146aab9c2e07b787bf",
              "versions": [ "Default" ],
              "allowed_urls": []
            }
          },
          "active": true,
          "is_inactive": false,
          "tags": [],
          "key_expires_in": 0
        }
        """;

    private const string GuideFile =
        """
        {
          "default": {
            "rate": 1000,
            "per": 1,
            "quota_max": 100,
            "quota_renewal_rate": 60,
            "access_rights": {
              "41433797848f41a558c1573d3e55a410": {
                "api_name": "My API",
                "api_id": "41433797848f41a558c1573d3e55a410",
                "versions": [
                  "Default"
                ]
              }
            },
            "org_id": "54de205930c55e15bd000001",
            "hmac_enabled": false
          }
        }
        """;

    [Fact]
    public void ReadObject_guides_file_is_taken_without_a_word()
    {
        var findings = new FindingList();

        var policies = PolicyDocument.ReadObject(Utf8(GuideFile), "policies.json", findings)!;

        Assert.Empty(findings);
        var (id, policy) = Assert.Single(policies);
        Assert.Equal(("default", "default"), (id, policy.Id));
        Assert.Equal(new RateSettings(1000, 1), policy.Limits.Rate);
        Assert.Equal(new QuotaSettings(100, 60), policy.Limits.Quota);
        Assert.Equal("54de205930c55e15bd000001", policy.OrganizationId);
        Assert.True(policy.IsLoaded);
        var right = policy.AccessRights["41433797848f41a558c1573d3e55a410"];
        Assert.Equal("My API", right.ApiName);
        Assert.Equal(["Default"], right.Versions);
    }

    [Fact]
    public void ReadDirectoryFile_guides_policy_gets_its_id_from_the_files_name()
    {
        var findings = new FindingList();

        var policies = PolicyDocument.ReadDirectoryFile(Utf8(GuidePolicy), "/etc/decision/policies/basic.json", findings)!;

        Assert.Empty(findings);
        var policy = policies["basic"];
        Assert.True(policy.Active);
        Assert.Equal(2, policy.AccessRights.Count);
        Assert.Equal("Second Test API", policy.AccessRights["3b7e73fd18794f146aab9c2e07b787bf"].ApiName);
    }

    [Theory]
    [InlineData("""{"id":"a","_id":"b","rate":-1,"quota_max":-1}""", "a")]
    [InlineData("""{"_id":"b","rate":-1,"quota_max":-1}""", "b")]
    [InlineData("""{"rate":-1,"quota_max":-1}""", "file")]
    [InlineData("""{"rate":-1,"quota_max":-1,"meta_data":{}}""", "file")]
    [InlineData("""{"partitions":{"acl":true},"access_rights":{"x":{}}}""", "file")]
    [InlineData("""{"x":{"rate":-1,"quota_max":-1},"y":{"rate":-1,"quota_max":-1}}""", "x,y")]
    [InlineData("""{"rate":{"rate":-1,"quota_max":-1}}""", "rate")]
    [InlineData("""{"access_rights":{"rate":-1,"quota_max":-1},"y":{"rate":-1,"quota_max":-1}}""", "access_rights,y")]
    [InlineData("{}", "")]
    public void ReadDirectoryFile_shape_decides_whether_it_is_one_policy(string json, string ids)
    {
        var findings = new FindingList();

        var policies = PolicyDocument.ReadDirectoryFile(Utf8(json), "file.json", findings)!;

        Assert.Equal(ids, string.Join(',', policies.Keys.Order(StringComparer.Ordinal)));
        Assert.False(findings.HasErrors);
    }

    [Theory]
    [InlineData("[]", "error p.json: expected one object, policy id -> policy, got an array.")]
    [InlineData("3", "error p.json: expected one object, policy id -> policy, got the number 3.")]
    [InlineData("null", "error p.json: expected one object, policy id -> policy, got null.")]
    [InlineData("""{"gold":5}""", "error p.json: policy gold: expected an object, got the number 5.")]
    [InlineData("""{"gold":null}""", "error p.json: policy gold: expected an object, got null.")]
    [InlineData("""{"rate":5}""", "error p.json: is one policy, but must be an object of policies: write {\"<policy id>\": {...}}, or put the file into the directory of policy_path.")]
    [InlineData("""{"a":{"rate":-1,"quota_max":-1},"a":{"rate":-1,"quota_max":-1}}""", "error p.json: policy a: is there twice: remove one.")]
    [InlineData("""{"a b":{"rate":-1,"quota_max":-1}}""", "error p.json: policy a b: id: \"a b\" is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'.")]
    [InlineData("""{"":{"rate":-1,"quota_max":-1}}""", "error p.json: policy: id: is missing: write an id of 1 to 128 letters, digits, '.', '_', '~' or '-'.")]
    [InlineData("""{"\ud800":{}}""", "error p.json: has a policy id that is not valid Unicode text.")]
    public void ReadObject_wrong_shape_is_one_error(string json, string expected)
    {
        var findings = new FindingList();

        Assert.Null(PolicyDocument.ReadObject(Utf8(json), "p.json", findings));

        Assert.Equal([expected], Shape.Lines(findings));
    }

    [Fact]
    public void ReadObject_every_policy_is_reported_and_one_error_refuses_all()
    {
        var findings = new FindingList();

        Assert.Null(PolicyDocument.ReadObject(
            Utf8("""{"a":{"rate":"1","quota_max":-1},"b":{"rate":-1,"quota_max":-2},"c":{"rate":-1,"quota_max":-1}}"""), "p.json", findings));

        Assert.Equal(
            [
                "error p.json: policy a: rate: expected a number, got the string \"1\".",
                "error p.json: policy b: quota_max: -2 is out of range: write 0 to 9007199254740991, or -1 for unlimited.",
            ],
            Shape.Lines(findings));
    }

    [Fact]
    public void ReadObject_earlier_findings_do_not_refuse_a_good_file()
    {
        var findings = new FindingList();
        findings.Error("settings", "", "something else");

        Assert.NotNull(PolicyDocument.ReadObject(Utf8(GuideFile), "p.json", findings));
    }

    [Fact]
    public void ReadObject_ten_thousand_policies_are_all_there()
    {
        var text = new StringBuilder("{");
        for (var number = 0; number < 10_000; number++)
        {
            text.Append(number == 0 ? "" : ",").Append(System.Globalization.CultureInfo.InvariantCulture, $"\"p{number}\":{GuidePolicy}");
        }

        var findings = new FindingList();

        var policies = PolicyDocument.ReadObject(Utf8(text.Append('}').ToString()), "p.json", findings)!;

        Assert.Empty(findings);
        Assert.Equal(10_000, policies.Count);
        Assert.Equal(new RateSettings(3, 1), policies["p9999"].Limits.Rate);
    }

    [Fact]
    public void Join_id_in_two_files_names_both()
    {
        var findings = new FindingList();
        var a = PolicyDocument.ReadObject(Utf8("""{"gold":{"org_id":"x","rate":-1,"quota_max":-1}}"""), "a.json", findings)!;
        var b = PolicyDocument.ReadObject(Utf8("""{"gold":{"org_id":"y","rate":-1,"quota_max":-1},"tin":{"rate":-1,"quota_max":-1}}"""), "b.json", findings)!;

        var joined = Engine.Rules.PolicySetRules.Join([("a.json", a), ("b.json", b)], findings);

        Assert.Equal(["gold", "tin"], joined.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("x", joined["gold"].OrganizationId);
        Assert.Equal(
            ["error b.json: policy gold: id: is in a.json as well: rename or remove one of them. Ids are unique over all organisations."],
            Shape.Lines(findings));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
