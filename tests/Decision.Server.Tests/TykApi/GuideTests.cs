using System.Text.Json.Nodes;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.TykApi;

/// <summary>Tyk's policies guide from its first section to its last, against a server that is configured as it says.</summary>
public class GuideTests
{
    private const long Now = 1_770_724_800;

    private const string Configuration = """
        {
          "policies": {
            "policy_source": "file",
            "policy_record_name": "./policies/policies.json"
          }
        }
        """;

    // The guide's first policy.
    private const string Security = """
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
              "versions": ["Default"],
              "allowed_urls": []
            },
            "3b7e73fd18794f146aab9c2e07b787bf": {
              "apiname": "Second Test API",
              "apiid": "3b7e73fd18794f146aab9c2e07b787bf",
              "versions": ["Default"],
              "allowed_urls": []
            }
          },
          "active": true,
          "is_inactive": false,
          "tags": [],
          "key_expires_in": 0
        }
        """;

    // The guide's example file; its key, below, belongs to the organisation of the first policy, and so does this one here.
    private const string Default = """
        {
          "rate": 1000,
          "per": 1,
          "quota_max": 100,
          "quota_renewal_rate": 60,
          "access_rights": {
            "41433797848f41a558c1573d3e55a410": {
              "api_name": "My API",
              "api_id": "41433797848f41a558c1573d3e55a410",
              "versions": ["Default"]
            }
          },
          "org_id": "53ac07777cbb8c2d53000002",
          "hmac_enabled": false
        }
        """;

    private const string MyApi = "41433797848f41a558c1573d3e55a410";
    private const string TestApi = "b605a6f03cc14f8b74665452c263bf19";

    [Fact]
    public async Task The_guide_works_as_it_is_written()
    {
        using var folder = new TemporaryFolder();
        string configuration = folder.Write("tyk.conf", Configuration);
        var file = new JsonObject { ["security"] = JsonNode.Parse(Security), ["default"] = JsonNode.Parse(Default) };
        Save();
        await using var server = await RunningServer.StartAsync(["Storage:Path=:memory:"], folder: folder, configFile: configuration);

        // Applying a policy to a key: /create and /add, apply_policy_id and apply_policies.
        var created = await server.DoAsync("POST", "/tyk/keys/create", KeyOf("""[]"""));
        string byId = created.Text("key");
        Assert.Contains("apply_policy_id: is deprecated", (string)created["warnings"]![0]!, StringComparison.Ordinal);
        string byList = (await server.DoAsync("POST", "/tyk/keys/add", KeyOf("""["default", "security"]"""))).Text("key");
        Assert.Equal(Reason.Allowed, await AskAsync(byId, MyApi));
        Assert.Equal(Reason.ApiNotGranted, await AskAsync(byId, TestApi));
        Assert.Equal(Reason.Allowed, await AskAsync(byList, TestApi));

        // What the key says is overridden by the policy; the counter says what is left.
        var session = await server.DoAsync("GET", "/tyk/keys/" + byId);
        Assert.Equal((1000, 100, 99), ((int)session["rate"]!, (int)session["quota_max"]!, (int)session["quota_remaining"]!));
        Assert.Equal(Now + 60, (long)session["quota_renews"]!);

        // Modifying a policy has an instant effect on the token.
        file["default"]!["quota_max"] = 2;
        await ReloadAsync();
        Assert.Equal(Reason.Allowed, await AskAsync(byId, MyApi));
        Assert.Equal(Reason.QuotaExceeded, await AskAsync(byId, MyApi));
        Assert.Equal(0, (int)(await server.DoAsync("GET", "/tyk/keys/" + byId))["quota_remaining"]!);
        file["default"]!["quota_max"] = 100;
        await ReloadAsync();
        Assert.Equal(Reason.Allowed, await AskAsync(byId, MyApi));

        // The active flag must be true for a policy to be loaded.
        file["default"]!["active"] = false;
        await ReloadAsync();
        Assert.Equal(Reason.PolicyInactive, await AskAsync(byId, MyApi));
        file["default"]!["active"] = true;
        await ReloadAsync();
        Assert.Equal(Reason.Allowed, await AskAsync(byId, MyApi));

        // is_inactive of a policy disables every key that uses it, of a key that key alone.
        file["default"]!["is_inactive"] = true;
        await ReloadAsync();
        Assert.Equal(Reason.KeyInactive, await AskAsync(byId, MyApi));
        Assert.Equal(Reason.KeyInactive, await AskAsync(byList, MyApi));
        file["default"]!["is_inactive"] = false;
        await ReloadAsync();
        Assert.Equal(Reason.Allowed, await AskAsync(byId, MyApi));
        await server.DoAsync("PUT", $"/tyk/keys/{byId}?suppress_reset=1", KeyOf("""["default"]""", isInactive: true));
        Assert.Equal(Reason.KeyInactive, await AskAsync(byId, MyApi));
        Assert.Equal(Reason.Allowed, await AskAsync(byList, MyApi));

        // Trial keys: the end is forced when the key is made.
        file["trial"] = JsonNode.Parse(Default);
        file["trial"]!["key_expires_in"] = 50000;
        await ReloadAsync();
        string trial = (await server.DoAsync("POST", "/tyk/keys/create", KeyOf("""["trial"]"""))).Text("key");
        Assert.Equal(Now + 50000, (long)(await server.DoAsync("GET", "/tyk/keys/" + trial))["expires"]!);
        Assert.Equal(Reason.Allowed, await AskAsync(trial, MyApi));
        server.Time.Advance(TimeSpan.FromSeconds(50001));
        Assert.Equal(Reason.KeyExpired, await AskAsync(trial, MyApi));

        // How you can create policies: with the Gateway's API and with the Dashboard's.
        await server.DoAsync("POST", "/tyk/policies", With(Security, "id", "gateway"));
        var made = await server.DoAsync("POST", "/api/portal/policies", With(Security, "name", "From the Dashboard"));
        foreach (string policy in new[] { "gateway", made.Text("Message") })
        {
            string key = (await server.DoAsync("POST", "/tyk/keys/create", KeyOf($"""["{policy}"]"""))).Text("key");
            Assert.Equal(Reason.Allowed, await AskAsync(key, TestApi));
        }

        void Save() => folder.Write("policies/policies.json", file.ToJsonString());

        async Task ReloadAsync()
        {
            Save();
            Assert.Equal("ok", (await server.DoAsync("GET", "/tyk/reload?block=true")).Text("status"));
        }

        async Task<Reason> AskAsync(string key, string api) =>
            (await server.Client.AuthorizeAsync(new AuthorizeRequest { ApiKey = key, ApiId = api, ApiVersion = "Default", Method = "GET", Path = "/get" })).Reason;
    }

    // The guide's key.
    private static string KeyOf(string applyPolicies, bool isInactive = false) => $$"""
        {
          "allowance": 2,
          "rate": 3,
          "per": 1,
          "expires": 0,
          "quota_max": 1000,
          "quota_renews": 1429804261,
          "quota_remaining": 1000,
          "quota_renewal_rate": 90000,
          "access_rights": {},
          "org_id": "53ac07777cbb8c2d53000002",
          "EnableHTTPSignatureValidation": false,
          "hmac_enabled": false,
          "hmac_string": "",
          "is_inactive": {{(isInactive ? "true" : "false")}},
          "apply_policy_id": "default",
          "apply_policies": {{applyPolicies}}
        }
        """;

    private static string With(string policy, string field, string value)
    {
        var json = JsonNode.Parse(policy)!;
        json[field] = value;
        return json.ToJsonString();
    }
}
