using System.Text.Json.Nodes;
using Decision.Cli.Tests.Support;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Cli.Tests.Import;

/// <summary><c>import tyk</c> of files and of a gateway, into the real server.</summary>
public sealed class ImportTykTests : IDisposable
{
    private readonly LiveServer _server;
    private readonly FileFolder _folder = new();
    private readonly GrpcChannel _channel;
    private readonly string _org = TestNames.Unique("org");
    private readonly string _gold = TestNames.Unique("gold");
    private readonly string _api = TestNames.Unique("api");

    public ImportTykTests(LiveServer server) => (_server, _channel) = (server, GrpcChannel.ForAddress(server.Address));

    private static Metadata Admin => new() { { "authorization", "Bearer " + LiveServer.Secret } };

    public void Dispose()
    {
        _channel.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Import_folder_writes_policies_apis_keys_and_use_and_a_second_time_nothing()
    {
        string text = NewKey();
        WriteFolder(text, """{"alias": "billing", "quota_max": 100, "quota_remaining": 60, "quota_renews": 1999999999, "quota_renewal_rate": 3600, "tags": ["vip", "gold"]}""");

        var run = (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);
        Assert.Contains("Done: 1 API made, 1 key made, 1 policy made, use of 1 quota carried over.", run.Error, StringComparison.Ordinal);

        var verdict = await AskAsync(text);
        Assert.True(verdict.Allowed, verdict.ToString());
        Assert.Equal(59, verdict.Limits.Single(limit => limit.Name == "quota").Remaining);
        Assert.Equal(["gold", "vip"], verdict.Tags.Order(StringComparer.Ordinal));

        run = (await ImportAsync(_folder.Path, "--yes", "--output", "json")).Expect(ExitCode.Done);
        Assert.Equal("unchanged", run.Json["policies"]![0]!["action"]!.GetValue<string>());
        Assert.Equal("unchanged", run.Json["apis"]![0]!["action"]!.GetValue<string>());
        Assert.Equal("unchanged", run.Json["keys"]![0]!["action"]!.GetValue<string>());
        Assert.Equal(0, run.Json["written"]!["usages_adjusted"]!.GetValue<int>());
        Assert.Equal(58, (await AskAsync(text)).Limits.Single(limit => limit.Name == "quota").Remaining);
    }

    [Fact]
    public async Task Import_changed_records_updates_them()
    {
        string text = NewKey();
        WriteFolder(text, """{"alias": "before"}""");
        (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);

        WriteFolder(text, """{"alias": "after"}""", quota: 7, listenPath: "/changed/");
        var run = (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);

        Assert.Contains("1 API changed, 1 key changed, 1 policy changed", run.Error, StringComparison.Ordinal);
        var verdict = await AskAsync(text);
        Assert.Equal("after", verdict.Alias);
        Assert.Equal(6, verdict.Limits.Single(limit => limit.Name == "quota").Remaining);
    }

    [Fact]
    public async Task Import_what_a_policy_gave_is_not_stored_with_the_key()
    {
        string text = NewKey();
        WriteFolder(text, $$$"""{"tags": ["vip", "gold"], "rate": 9, "per": 1, "access_rights": {"{{{_api}}}": {"api_id": "{{{_api}}}"} } }""");

        (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);

        var key = await FindKeyAsync(text);
        Assert.Equal(["vip"], key.Tags);
        Assert.Empty(key.AccessRights);
        Assert.Equal(0, key.Rate);
    }

    [Fact]
    public async Task Import_dry_run_shows_the_plan_and_writes_nothing()
    {
        WriteFolder(NewKey(), """{"alias": "dry"}""");

        var run = (await ImportAsync(_folder.Path, "--dry-run")).Expect(ExitCode.Done);

        Assert.Contains(run.Lines, line => line.StartsWith("policies", StringComparison.Ordinal) && line.EndsWith("1 new", StringComparison.Ordinal));
        Assert.Contains("D4 ", run.Out, StringComparison.Ordinal);
        await AssertNoPolicyAsync();
    }

    [Fact]
    public async Task Import_what_widens_is_refused_until_it_is_accepted()
    {
        string file = _folder.Write("policies.json", Policies("""{"url": "/x", "methods": ["get"]}"""));

        var run = (await ImportAsync(file, "--yes")).Expect(ExitCode.Refused);
        Assert.Contains("Nothing was written", run.Error, StringComparison.Ordinal);
        Assert.Contains("--accept D8", run.Error, StringComparison.Ordinal);
        Assert.Contains("widens access (needs --accept)", run.Out, StringComparison.Ordinal);
        await AssertNoPolicyAsync();

        (await ImportAsync(file, "--yes", "--accept", "D7")).Expect(ExitCode.Refused);
        await AssertNoPolicyAsync();

        (await ImportAsync(file, "--yes", "--accept", "d8")).Expect(ExitCode.Done);
        Assert.Equal(_gold, (await PolicyClient.GetPolicyAsync(new GetPolicyRequest { Id = _gold }, Admin)).Policy.Id);
    }

    [Fact]
    public async Task Import_accept_of_what_does_not_exist_is_wrong_use()
    {
        var run = (await ImportAsync(_folder.Write("policies.json", "{}"), "--accept", "D99")).Expect(ExitCode.WrongUse);

        Assert.Contains("D1 to D26", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_policies_with_findings_tells_all_and_writes_nothing()
    {
        string file = _folder.Write(
            "policies.json", $$$"""{"{{{_gold}}}": {"org_id": "x"}, "bad": {"rate": -5, "quota_max": -7}, "worse": {"per": "often"} }""");

        var run = (await ImportAsync(file, "--yes")).Expect(ExitCode.Refused);

        Assert.Contains("policy bad: rate", run.Error, StringComparison.Ordinal);
        Assert.Contains("policy bad: quota_max", run.Error, StringComparison.Ordinal);
        Assert.Contains("policy worse: per", run.Error, StringComparison.Ordinal);
        Assert.Contains("(D17), 3 found", run.Error, StringComparison.Ordinal);
        await AssertNoPolicyAsync();

        run = (await ImportAsync(file, "--output", "json")).Expect(ExitCode.Refused);
        Assert.Equal(3, run.Json["refusals"]!.AsArray().Count);
    }

    [Fact]
    public async Task Import_broken_json_is_told_with_its_place()
    {
        var run = (await ImportAsync(_folder.Write("policies.json", "{\n  \"gold\": {\n    \"rate\": 5,\n  }\n}\n"))).Expect(ExitCode.WrongUse);

        Assert.Contains("policies.json: line 4, column", run.Error, StringComparison.Ordinal);
        Assert.Contains("comma before a closing bracket", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file.json", "does not exist")]
    [InlineData("ftp://somewhere/policies.json", "is no source")]
    [InlineData("http://user:secret@127.0.0.1:8080", "is not understood")]
    public async Task Import_unknown_source_is_wrong_use(string source, string told)
    {
        var run = (await ImportAsync(source)).Expect(ExitCode.WrongUse);

        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"listen_port": 8080, "secret": "x"}""")]
    [InlineData("""[1, 2]""")]
    [InlineData("""{"alias": "one", "apply_policies": ["p"]}""")]
    public async Task Import_file_of_another_kind_is_wrong_use(string content)
    {
        var run = (await ImportAsync(_folder.Write("tyk.json", content))).Expect(ExitCode.WrongUse);

        Assert.Contains("is neither policies", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_folder_without_json_is_wrong_use()
    {
        var run = (await ImportAsync(_folder.Path)).Expect(ExitCode.WrongUse);

        Assert.Contains("has no .json files", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_asks_and_takes_no_for_an_answer()
    {
        string file = _folder.Write("policies.json", Policies());

        var run = (await ImportAsync(file)).Expect(ExitCode.WrongUse);
        Assert.Contains("give --yes if you mean it", run.Error, StringComparison.Ordinal);

        run = (await new Tool { Server = _server, IsTerminal = true, Input = "n\n" }.RunAsync("import", "tyk", file)).Expect(ExitCode.Refused);
        Assert.Contains($"Write 1 policy, 0 APIs and 0 keys to {new Uri(_server.Address).Authority}? [y/N]", run.Error, StringComparison.Ordinal);
        await AssertNoPolicyAsync();

        (await new Tool { Server = _server, IsTerminal = true, Input = "y\n" }.RunAsync("import", "tyk", file)).Expect(ExitCode.Done);
        await PolicyClient.GetPolicyAsync(new GetPolicyRequest { Id = _gold }, Admin);
    }

    [Fact]
    public async Task Import_keys_that_cannot_be_carried_are_listed_with_the_reason()
    {
        _folder.Write("policies.json", Policies());
        var keys = new JsonObject
        {
            ["short"] = Session("short one"),
            ["a1b2c3d4"] = Session("murmur"),
            [new string('e', 64)] = Session("sha"),
            [NewKey()] = Session("basic", ("basic_auth_data", new JsonObject { ["password"] = "x" })),
            [NewKey()] = Session("jwt", ("jwt_data", new JsonObject { ["secret"] = "x" })),
            [NewKey()] = Session("mtls", ("certificate", "orgabc")),
            [NewKey()] = Session("lost", ("apply_policies", new JsonArray(TestNames.Unique("gone")))),
            [NewKey()] = Session("foreign", ("org_id", "somebody-else")),
            [NewKey()] = Session("invalid", ("rate", -9)),
            [NewKey()] = Session("unsigned", ("hmac_enabled", true)),
            [NewKey()] = Session("signed", ("hmac_enabled", true), ("hmac_string", "a-secret-of-the-client")),
            [NewKey()] = Session("good"),
        };
        _folder.Write("keys.json", keys.ToJsonString());

        var run = (await ImportAsync(_folder.Path, "--yes", "--output", "json")).Expect(ExitCode.Done);

        var listed = run.Json["listed"]!.AsArray().ToDictionary(one => one!["key"]!.GetValue<string>(), one => one!["reason"]!.GetValue<string>());
        Assert.Equal(10, listed.Count);
        Assert.Contains(listed, one => one.Key.EndsWith("(unsigned)", StringComparison.Ordinal) && one.Value.Contains("hmac_string", StringComparison.Ordinal));
        Assert.DoesNotContain("a-secret-of-the-client", run.Out, StringComparison.Ordinal);
        Assert.Contains("murmur32", listed["a1b2c3d4 (murmur)"], StringComparison.Ordinal);
        Assert.Contains(listed, one => one.Key.EndsWith("(short one)", StringComparison.Ordinal) && one.Value.Contains("Keys:MinimumCustomLength", StringComparison.Ordinal));
        Assert.Contains(listed, one => one.Key.EndsWith("(basic)", StringComparison.Ordinal) && one.Value.Contains("a password", StringComparison.Ordinal));
        Assert.Contains(listed, one => one.Key.EndsWith("(lost)", StringComparison.Ordinal) && one.Value.Contains("D25", StringComparison.Ordinal));
        Assert.Contains(listed, one => one.Key.EndsWith("(foreign)", StringComparison.Ordinal) && one.Value.Contains("Tyk refuses", StringComparison.Ordinal));
        Assert.Equal(2, run.Json["written"]!["created"]!["keys"]!.GetValue<int>());
        Assert.DoesNotContain("short\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_half_of_the_keys_refused_by_the_service_writes_the_others_and_tells_them()
    {
        _folder.Write("policies.json", Policies());
        var keys = new JsonObject();
        for (int index = 0; index < 6; index++)
        {
            keys[index % 2 == 0 ? NewKey() : $"tiny-{index}"] = Session($"key-{index}");
        }

        _folder.Write("keys.json", keys.ToJsonString());

        var run = (await ImportAsync(_folder.Path, "--yes", "--min-key-length", "4")).Expect(ExitCode.Refused);

        Assert.Contains("3 keys made", run.Error, StringComparison.Ordinal);
        Assert.Contains("3 failed", run.Error, StringComparison.Ordinal);
        foreach (string failed in new[] { "(key-1)", "(key-3)", "(key-5)" })
        {
            Assert.Contains(run.Error.Split('\n'), line => line.Contains(failed, StringComparison.Ordinal) && line.Contains("MinimumCustomLength", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Import_trial_key_keeps_its_end_and_does_not_begin_anew()
    {
        string text = NewKey();
        _folder.Write("policies.json", $$$"""{"{{{_gold}}}": {"org_id": "{{{_org}}}", "key_expires_in": 60, "access_rights": {"{{{_api}}}": {} } } }""");
        _folder.Write("keys.json", new JsonObject { [text] = Session("trial", ("expires", 1999999999)) }.ToJsonString());

        (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);
        Assert.Equal(1999999999, (await FindKeyAsync(text)).Expires);

        var run = (await ImportAsync(_folder.Path, "--yes", "--output", "json")).Expect(ExitCode.Done);
        Assert.Equal("unchanged", run.Json["keys"]![0]!["action"]!.GetValue<string>());
    }

    [Fact]
    public async Task Import_keys_that_count_together_carry_their_use_once()
    {
        string policies = $$$"""
            {"{{{_gold}}}": {"org_id": "{{{_org}}}", "quota_max": 100, "quota_renewal_rate": 3600, "access_rights": {"{{{_api}}}": {} },
              "meta_data": {"rate_limit_pattern": "$tyk_meta.team"} } }
            """;
        _folder.Write("policies.json", policies);
        string first = NewKey();
        var keys = new JsonObject();
        foreach (string text in new[] { first, NewKey() })
        {
            keys[text] = Session(
                "pair",
                ("meta_data", new JsonObject { ["team"] = _org }),
                ("quota_max", 100),
                ("quota_remaining", 70),
                ("quota_renews", 1999999999));
        }

        _folder.Write("keys.json", keys.ToJsonString());

        (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);
        Assert.Equal(69, (await AskAsync(first)).Limits.Single(limit => limit.Name == "quota").Remaining);
    }

    [Fact]
    public async Task Import_api_definition_becomes_a_record_and_what_has_no_place_is_told()
    {
        string file = _folder.Write("api.json", $$$"""
            {"api_id": "{{{_api}}}", "name": "Orders", "org_id": "{{{_org}}}", "active": true, "use_jwt": false, "enable_jwt": true, "domain": "Api.Example.com",
             "proxy": {"listen_path": "/{{{_api}}}/", "target_url": "http://upstream", "strip_listen_path": true},
             "auth": {"auth_header_name": "X-Key", "use_param": true, "param_name": "key", "use_cookie": true, "cookie_name": "c"},
             "version_data": {"not_versioned": false, "default_version": "v1", "versions": {"v1": {"name": "v1", "extended_paths": {"black_list": [{"path": "/admin"}]} }, "v2": {"name": "v2"} } },
             "global_rate_limit": {"rate": 100, "per": 1} }
            """);

        var run = (await ImportAsync(file, "--yes")).Expect(ExitCode.Refused);
        Assert.Contains("black_list", run.Out, StringComparison.Ordinal);
        Assert.Contains("--accept api", run.Error, StringComparison.Ordinal);

        run = (await ImportAsync(file, "--yes", "--accept", "api")).Expect(ExitCode.Done);
        Assert.Contains("enable_jwt", run.Out, StringComparison.Ordinal);
        var api = (await new ApiAdminService.ApiAdminServiceClient(_channel).GetApiAsync(new GetApiRequest { ApiId = _api }, Admin)).Api;
        Assert.Equal(("Orders", _org, $"/{_api}/", "v1", 100, 1), (api.Name, api.OrganizationId, api.ListenPath, api.DefaultVersion, api.Rate, api.Per));
        Assert.Equal(["v1", "v2"], api.Versions);
        Assert.Equal("api.example.com", api.Hosts.Single(), ignoreCase: true);
        Assert.Equal(("X-Key", "key", "c"), (api.Auth.Header, api.Auth.QueryParameter, api.Auth.Cookie));
    }

    [Fact]
    public async Task Import_inactive_api_and_openapi_document_are_told()
    {
        _folder.Write("off.json", """{"api_id": "off", "active": false, "proxy": {"listen_path": "/off/"}}""");
        _folder.Write("oas.json", $$$"""
            {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {},
             "x-tyk-api-gateway": {"info": {"id": "{{{_api}}}", "orgId": "{{{_org}}}", "name": "Oas", "state": {"active": true} },
               "server": {"listenPath": {"value": "/{{{_api}}}/", "strip": true}, "authentication": {"enabled": true, "securitySchemes": {"token": {"enabled": true, "header": {"enabled": true, "name": "X-T"} } } } } } }
            """);

        var run = (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Done);

        Assert.Contains("API off is not active", run.Out, StringComparison.Ordinal);
        var api = (await new ApiAdminService.ApiAdminServiceClient(_channel).GetApiAsync(new GetApiRequest { ApiId = _api }, Admin)).Api;
        Assert.Equal(("Oas", $"/{_api}/", "X-T"), (api.Name, api.ListenPath, api.Auth.Header));
    }

    [Fact]
    public async Task Import_policy_that_the_service_reads_from_a_file_is_refused_and_keys_wait()
    {
        string text = NewKey();
        _folder.Write("policies.json", """{"tour": {"org_id": "demo", "rate": 999, "per": 1, "access_rights": {"orders": {}}}}""");
        _folder.Write("keys.json", new JsonObject { [text] = Session("waits", ("org_id", "demo"), ("apply_policies", new JsonArray("tour"))) }.ToJsonString());

        var run = (await ImportAsync(_folder.Path, "--yes")).Expect(ExitCode.Refused);

        Assert.Contains("policy tour: the service reads it from", run.Error, StringComparison.Ordinal);
        Assert.Contains("keys: were not written", run.Error, StringComparison.Ordinal);
        Assert.Equal("", await FindIdAsync(text));
    }

    [Fact]
    public async Task Import_service_not_there_is_service_failed()
    {
        var run = (await new Tool().RunAsync("import", "tyk", _folder.Write("policies.json", Policies()), "--address", "http://127.0.0.1:1")).Expect(ExitCode.ServiceFailed);

        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_report_names_every_policy_and_key()
    {
        WriteFolder(NewKey(), """{"alias": "in the report"}""");
        string report = _folder.PathOf("import.md");

        (await ImportAsync(_folder.Path, "--dry-run", "--report", report)).Expect(ExitCode.Done);

        string text = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
        Assert.Contains("A dry run: nothing was written.", text, StringComparison.Ordinal);
        Assert.Contains("## Narrows", text, StringComparison.Ordinal);
        Assert.Contains("(in the report)", text, StringComparison.Ordinal);

        var run = (await ImportAsync(_folder.Path, "--dry-run", "--report", _folder.PathOf("no/such/import.md"))).Expect(ExitCode.WrongUse);
        Assert.Contains("import.md cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_gateway_reads_policies_apis_keys_and_use()
    {
        string text = NewKey();
        await using var tyk = new TykStandIn { Policies = $"[{Policy(_gold)}]", Apis = $$$"""[{"api_id": "{{{_api}}}", "org_id": "{{{_org}}}", "proxy": {"listen_path": "/{{{_api}}}/"} }]""" };
        tyk.Keys[text] = Session("from tyk", ("quota_max", 100), ("quota_remaining", 25), ("quota_renews", 1999999999)).ToJsonString();
        tyk.Organizations.Add(_org);

        var run = (await GatewayAsync(tyk, "--yes")).Expect(ExitCode.Done);

        Assert.Contains("1 API made, 1 key made, 1 policy made, use of 1 quota carried over", run.Error, StringComparison.Ordinal);
        Assert.Contains($"Sessions of organisations are not imported ({_org})", run.Out, StringComparison.Ordinal);
        Assert.Equal(24, (await AskAsync(text)).Limits.Single(limit => limit.Name == "quota").Remaining);
        Assert.DoesNotContain(text, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_gateway_with_hashed_keys_asks_by_hash_and_lists_them()
    {
        await using var tyk = new TykStandIn { IsHashed = true, Policies = $"[{Policy(_gold)}]" };
        tyk.Keys["d1f2a3b4"] = Session("hashed").ToJsonString();

        var run = (await GatewayAsync(tyk, "--dry-run")).Expect(ExitCode.Done);

        Assert.Contains("key d1f2a3b4 (hashed): only its murmur32 is known", run.Out, StringComparison.Ordinal);
        Assert.Contains("/tyk/keys/d1f2a3b4?hashed=1", tyk.Asked);
    }

    [Fact]
    public async Task Import_gateway_that_does_not_list_hashes_says_so()
    {
        await using var tyk = new TykStandIn { IsHashed = true, ListsHashes = false, Apis = null, Policies = $"[{Policy(_gold)}]" };

        var run = (await GatewayAsync(tyk, "--dry-run")).Expect(ExitCode.Done);

        Assert.Contains("enable_hashed_keys_listing", run.Out, StringComparison.Ordinal);
        Assert.Contains("GET /tyk/apis answered 404", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_gateway_that_refuses_the_secret_is_refused()
    {
        await using var tyk = new TykStandIn();

        var run = (await GatewayAsync(tyk.Address, "another", "--dry-run")).Expect(ExitCode.Refused);

        Assert.Contains("refuses the secret (403: Attempted administrative access", run.Error, StringComparison.Ordinal);
        Assert.Contains("TYK_SECRET", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_gateway_secret_comes_from_a_file_too_and_must_be_there()
    {
        await using var tyk = new TykStandIn();
        string secret = _folder.Write("tyk-secret", TykStandIn.Secret + "\n");

        (await GatewayAsync(tyk.Address, "", "--dry-run", "--tyk-secret-file", secret)).Expect(ExitCode.Done);

        var run = (await GatewayAsync(tyk.Address, "", "--dry-run")).Expect(ExitCode.WrongUse);
        Assert.Contains("TYK_SECRET", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_gateway_not_there_is_service_failed()
    {
        var run = (await GatewayAsync("http://127.0.0.1:1", "x", "--dry-run")).Expect(ExitCode.ServiceFailed);

        Assert.Contains("The gateway at 127.0.0.1:1 cannot be reached", run.Error, StringComparison.Ordinal);

        run = (await GatewayAsync("http://127.0.0.1:1", "x", "--dry-run", "--output", "json")).Expect(ExitCode.ServiceFailed);
        Assert.Equal("UNAVAILABLE", JsonNode.Parse(run.Error)!["error"]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Import_gateway_with_nothing_in_it_writes_nothing()
    {
        await using var tyk = new TykStandIn { Policies = "null", Apis = "null" };

        var run = (await GatewayAsync(tyk, "--yes")).Expect(ExitCode.Done);

        Assert.Contains("Nothing to write", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_gateway_that_answers_no_json_is_service_failed()
    {
        await using var tyk = new TykStandIn { Policies = "<html>hello</html>" };

        var run = (await GatewayAsync(tyk, "--dry-run")).Expect(ExitCode.ServiceFailed);
        Assert.Contains("GET /tyk/policies: line 1, column 1", run.Error, StringComparison.Ordinal);

        tyk.Policies = "[]";
        tyk.Apis = "{}";
        run = (await GatewayAsync(tyk, "--dry-run")).Expect(ExitCode.ServiceFailed);
        Assert.Contains("answered GET /tyk/apis with 200", run.Error, StringComparison.Ordinal);

        tyk.Apis = "<html>hello</html>";
        run = (await GatewayAsync(tyk, "--dry-run")).Expect(ExitCode.ServiceFailed);
        Assert.Contains("is no Tyk gateway", run.Error, StringComparison.Ordinal);
    }

    private Task<ToolRun> ImportAsync(string source, params string[] options) => Tool.RunAsync(_server, ["import", "tyk", source, .. options]);

    private Task<ToolRun> GatewayAsync(TykStandIn tyk, params string[] options) => GatewayAsync(tyk.Address, TykStandIn.Secret, options);

    private Task<ToolRun> GatewayAsync(string address, string secret, params string[] options) =>
        new Tool { Server = _server, Environment = new Dictionary<string, string> { ["TYK_SECRET"] = secret } }.RunAsync(["import", "tyk", address, .. options]);

    private void WriteFolder(string text, string session, int quota = 100, string? listenPath = null)
    {
        _folder.Write("policies.json", new JsonObject { [_gold] = JsonNode.Parse(Policy(_gold, quota)) }.ToJsonString());
        _folder.Write("apps/api.json", $$$"""{"api_id": "{{{_api}}}", "org_id": "{{{_org}}}", "proxy": {"listen_path": "{{{listenPath ?? $"/{_api}/"}}}"} }""");
        var key = Session("key");
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(session)!)
        {
            key[name] = value?.DeepClone();
        }

        _folder.Write("keys.json", new JsonObject { [text] = key }.ToJsonString());
    }

    private string Policies(string? url = null)
    {
        var policy = (JsonObject)JsonNode.Parse(Policy(_gold))!;
        if (url is not null)
        {
            policy["access_rights"]![_api]!["allowed_urls"] = new JsonArray(JsonNode.Parse(url));
        }

        return new JsonObject { [_gold] = policy }.ToJsonString();
    }

    private string Policy(string id, int quota = 100) => $$$"""
        {"id": "{{{id}}}", "org_id": "{{{_org}}}", "rate": 1000, "per": 1, "quota_max": {{{quota}}}, "quota_renewal_rate": 3600, "tags": ["gold"],
         "access_rights": {"{{{_api}}}": {"api_id": "{{{_api}}}"} } }
        """;

    private JsonObject Session(string alias, params ReadOnlySpan<(string Name, JsonNode Value)> fields)
    {
        var session = new JsonObject { ["org_id"] = _org, ["alias"] = alias, ["apply_policies"] = new JsonArray(_gold) };
        foreach (var (name, value) in fields)
        {
            session[name] = value;
        }

        return session;
    }

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private PolicyAdminService.PolicyAdminServiceClient PolicyClient => new(_channel);

    private async Task AssertNoPolicyAsync()
    {
        var missing = await Assert.ThrowsAsync<RpcException>(async () => await PolicyClient.GetPolicyAsync(new GetPolicyRequest { Id = _gold }, Admin));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    private async Task<AuthorizeResponse> AskAsync(string text) => await new AuthorizeService.AuthorizeServiceClient(_channel).AuthorizeAsync(
        new AuthorizeRequest { ApiKey = text, ApiId = _api, Method = "GET", Path = "/x" });

    private async Task<string> FindIdAsync(string text) => (await new AuthorizeService.AuthorizeServiceClient(_channel).AuthorizeAsync(
        new AuthorizeRequest { ApiKey = text, ApiId = _api, Method = "GET", Path = "/x", Peek = true })).KeyId;

    private async Task<Key> FindKeyAsync(string text) => (await new KeyService.KeyServiceClient(_channel).GetKeyAsync(
        new GetKeyRequest { KeyId = await FindIdAsync(text) }, Admin)).Key;
}
