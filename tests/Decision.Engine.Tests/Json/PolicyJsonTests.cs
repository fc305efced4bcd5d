using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Json;

public sealed class PolicyJsonTests
{
    /// <summary>Every field of a policy, as it is written.</summary>
    internal const string Full =
        """
        {"_id":"5fd0a3","id":"gold","name":"Gold","org_id":"acme","rate":2.5,"per":0.5,"rate_algorithm":"token_bucket","burst":7,"quota_max":1000,"quota_renewal_rate":3600,"quota_period":"day","quota_time_zone":"Europe/Berlin","throttle_interval":1.5,"throttle_retry_limit":3,"max_query_depth":-1,"smoothing":{"enabled":true,"threshold":1,"trigger":0.5,"step":2,"delay":30},"access_rights":{"orders":{"api_name":"Orders","api_id":"orders","versions":["v1","v2"],"allowed_urls":[{"url":"/x","methods":["GET","PUT"]}],"restricted_types":[{"name":"Query","fields":["a"]}],"allowed_types":[{"name":"Query","fields":["*"]}],"field_access_rights":[{"type_name":"Query","field_name":"a","limits":{"max_query_depth":4}}],"disable_introspection":true,"limit":{"rate":5,"per":1,"quota_max":-1},"allowance_scope":"s","endpoints":[{"path":"/y","methods":[{"name":"GET","limit":{"rate":1,"per":60,"rate_algorithm":"fixed_window"}}]}]}},"hmac_enabled":true,"enable_http_signature_validation":true,"active":false,"is_inactive":true,"tags":["a","b"],"key_expires_in":50000,"post_expiry_action":"retain","post_expiry_grace_period":-1,"partitions":{"quota":true,"rate_limit":true,"acl":true,"complexity":true,"per_api":true},"last_updated":"1700000000","meta_data":{"plan":{"a":[1,null]}},"allowed_ips":["10.0.0.0/8"],"on_store_failure":"deny","on_store_failure_rate":"local","on_store_failure_quota":"allow","limits_mode":"leased","enforcement":"shadow"}
        """;

    [Fact]
    public void Read_every_field_is_read()
    {
        var findings = new FindingList();

        var policy = PolicyJson.Read(Shape.Element(Full), null, findings)!;

        Assert.Empty(findings);
        Assert.Equal("gold", policy.Id);
        Assert.Equal("5fd0a3", policy.ObjectId);
        Assert.Equal("acme", policy.OrganizationId);
        Assert.Equal(new RateSettings(2.5, 0.5, RateAlgorithm.TokenBucket, 7), policy.Limits.Rate);
        Assert.Equal(new QuotaSettings(1000, 3600, QuotaPeriod.Day, "Europe/Berlin"), policy.Limits.Quota);
        Assert.Equal((1.5, 3, -1), (policy.Limits.ThrottleInterval, policy.Limits.ThrottleRetryLimit, policy.Limits.MaxQueryDepth));
        Assert.Equal(new SmoothingSettings(true, 1, 0.5, 2, 30), policy.Limits.Smoothing);
        Assert.Equal(new Partitions(true, true, true, true, true), policy.Partitions);
        Assert.False(policy.Active);
        Assert.True(policy.IsInactive && policy.HmacEnabled && policy.EnableHttpSignatureValidation);
        Assert.Equal(50000, policy.KeyExpiresIn);
        Assert.Equal(
            new LimitBehavior(StoreFailureMode.Deny, StoreFailureMode.Local, StoreFailureMode.Allow, LimitsMode.Leased, Enforcement.Shadow),
            policy.Behavior);
        var right = policy.AccessRights["orders"];
        Assert.Equal(["GET", "PUT"], right.AllowedUrls[0].Methods);
        Assert.Equal(4, right.FieldAccessRights[0].MaxQueryDepth);
        Assert.Equal(new RateSettings(5, 1), right.Limit!.Rate);
        Assert.True(right.Limit.Quota.IsUnlimited);
        Assert.Equal(new RateSettings(1, 60, RateAlgorithm.FixedWindow), right.Endpoints[0].Methods[0].Rate);
    }

    [Fact]
    public void Write_every_field_comes_back_in_the_same_order() =>
        Assert.Equal(Full, Rewrite(Full, "gold"));

    [Theory]
    [InlineData("{}", """{"id":"gold"}""")]
    [InlineData("""{"active":true}""", """{"id":"gold","active":true}""")]
    [InlineData("""{"active":null,"tags":null,"access_rights":null,"partitions":null,"smoothing":null,"rate":null}""", """{"id":"gold"}""")]
    [InlineData("""{"rate":0,"tags":[],"hmac_enabled":false,"meta_data":{},"partitions":{},"access_rights":{}}""", """{"id":"gold"}""")]
    [InlineData("""{"allowance":2,"quota_remaining":"x","quota_renews":3,"last_check":4}""", """{"id":"gold"}""")]
    [InlineData("""{"access_rights":{"a":{"limit":{"rate":0,"quota_renews":5,"quota_remaining":6,"allowance":7}}}}""", """{"id":"gold","access_rights":{"a":{}}}""")]
    [InlineData("""{"access_rights":{"a":{"apiname":"A","apiid":"a"}}}""", """{"id":"gold","access_rights":{"a":{"api_name":"A","api_id":"a"}}}""")]
    [InlineData("""{"access_rights":{"a":{"apiname":"A","api_name":"A","apiid":null,"api_id":"a"}}}""", """{"id":"gold","access_rights":{"a":{"api_name":"A","api_id":"a"}}}""")]
    [InlineData("""{"EnableHTTPSignatureValidation":true}""", """{"id":"gold","enable_http_signature_validation":true}""")]
    [InlineData("""{"QUOTA_MAX":1e3,"Rate":3.0}""", """{"id":"gold","rate":3,"quota_max":1000}""")]
    [InlineData("""{"graphql_access_rights":{"b":1},"rate":1}""", """{"id":"gold","rate":1,"graphql_access_rights":{"b":1}}""")]
    [InlineData("""{"access_rights":{"a":{"mcp_primitives":[1],"json_rpc_methods":null}}}""", """{"id":"gold","access_rights":{"a":{"json_rpc_methods":null,"mcp_primitives":[1]}}}""")]
    public void Read_then_write_gives_the_canonical_form_without_a_word(string json, string expected)
    {
        var findings = new FindingList();
        var policy = PolicyJson.Read(Shape.Element(json), "gold", findings)!;

        Assert.Empty(findings);
        Assert.Equal(expected, Shape.Write(writer => PolicyJson.Write(writer, policy)));
    }

    public static TheoryData<string, string> Errors() => new()
    {
        { """{"rate":"100"}""", "rate: expected a number, got the string \"100\"." },
        { """{"rate":1e400}""", "rate: expected a number, got the number 1e400, which is out of range." },
        { """{"rate":1e-400}""", "rate: expected a number, got the number 1e-400, which is out of range." },
        { """{"rate":true}""", "rate: expected a number, got true." },
        { """{"quota_max":10.5}""", "quota_max: expected a whole number from -9223372036854775808 to 9223372036854775807, got the number 10.5, which is not a whole number." },
        { """{"quota_max":"10"}""", "quota_max: expected a whole number, got the string \"10\"." },
        { """{"max_query_depth":3000000000}""", "max_query_depth: expected a whole number from -2147483648 to 2147483647, got the number 3000000000, which is out of range." },
        { """{"active":"yes"}""", "active: expected true or false, got the string \"yes\"." },
        { """{"is_inactive":0}""", "is_inactive: expected true or false, got the number 0." },
        { """{"name":5}""", "name: expected a string, got the number 5." },
        { """{"id":5}""", "id: expected a string, got the number 5." },
        { """{"tags":"a"}""", "tags: expected an array, each item a string, got the string \"a\"." },
        { """{"tags":["a",1]}""", "tags[1]: expected a string, got the number 1." },
        { """{"tags":[null]}""", "tags[0]: expected a string, got null." },
        { """{"tags":["\ud800"]}""", "tags[0]: is not valid Unicode text: a surrogate stands alone." },
        { """{"name":"\udc00x"}""", "name: is not valid Unicode text: a surrogate stands alone." },
        { """{"\ud800":1}""", "has a field whose name is not valid Unicode text." },
        { """{"meta_data":{"a":["\ud800"]}}""", "meta_data.a[0]: is not valid Unicode text: a surrogate stands alone." },
        { """{"meta_data":[]}""", "meta_data: expected an object, got an array." },
        { """{"meta_data":{"a":{"b":1,"b":2}}}""", "meta_data.a.b: is there twice: remove one." },
        { """{"rate":1,"rate":1}""", "rate: is there twice: remove one." },
        { """{"rate":1,"Rate":2}""", "Rate: is there twice, as rate and as Rate: keep one, rate." },
        { """{"rate":1,"RATE":1}""", "RATE: is there twice, as rate and as RATE: keep one, rate." },
        { """{"enable_http_signature_validation":false,"EnableHTTPSignatureValidation":true}""", "enable_http_signature_validation: is written as enable_http_signature_validation and as EnableHTTPSignatureValidation, with different values: keep one, enable_http_signature_validation." },
        { """{"graphql_access_rights":1,"graphql_access_rights":1}""", "graphql_access_rights: is there twice: remove one." },
        { """{"partitions":true}""", "partitions: expected an object, got true." },
        { """{"partitions":{"acl":1}}""", "partitions.acl: expected true or false, got the number 1." },
        { """{"smoothing":{"trigger":"1"}}""", "smoothing.trigger: expected a number, got the string \"1\"." },
        { """{"access_rights":["orders"]}""", "access_rights: expected an object, API id -> rights, got an array." },
        { """{"access_rights":{"orders":null}}""", "access_rights.orders: expected an object, got null." },
        { """{"access_rights":{"orders":{},"orders":{}}}""", "access_rights.orders: is there twice: remove one." },
        { """{"access_rights":{"orders":{"apiid":"a","api_id":"b"}}}""", "access_rights.orders.api_id: is written as apiid and as api_id, with different values: keep one, api_id." },
        { """{"access_rights":{"orders":{"limit":{"rate":"5"}}}}""", "access_rights.orders.limit.rate: expected a number, got the string \"5\"." },
        { """{"access_rights":{"orders":{"allowed_urls":[{"url":"/a"},{"url":1}]}}}""", "access_rights.orders.allowed_urls[1].url: expected a string, got the number 1." },
        { """{"access_rights":{"orders":{"allowed_urls":["/a"]}}}""", "access_rights.orders.allowed_urls[0]: expected an object, got the string \"/a\"." },
        { """{"access_rights":{"orders":{"endpoints":[{"path":"/","methods":[{"name":"GET","limit":{"per":"1"}}]}]}}}""", "access_rights.orders.endpoints[0].methods[0].limit.per: expected a number, got the string \"1\"." },
        { """{"rate_algorithm":"leaky"}""", "rate_algorithm: expected one of sliding_log, token_bucket, fixed_window, sliding_window, got \"leaky\"." },
        { """{"quota_period":"year"}""", "quota_period: expected one of rolling, hour, day, week, month, got \"year\"." },
        { """{"on_store_failure":"open"}""", "on_store_failure: expected one of deny, local, allow, got \"open\"." },
        { """{"limits_mode":"Exact"}""", "limits_mode: expected one of exact, leased, got \"Exact\"." },
        { """{"enforcement":"off"}""", "enforcement: expected one of enforce, shadow, got \"off\"." },
        { """[]""", "expected an object, got an array." },
        { "5", "expected an object, got the number 5." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Read_wrong_field_is_one_error_that_names_it(string json, string expected)
    {
        var findings = new FindingList();

        Assert.Null(PolicyJson.Read(Shape.Element(json), "gold", findings, "p.json: "));

        Assert.Equal([$"error p.json: policy gold: {expected}"], Shape.Lines(findings));
    }

    [Theory]
    [InlineData("""{"qouta_max":1}""", "qouta_max: is an unknown field; it is kept without effect. Did you mean quota_max?")]
    [InlineData("""{"colour":"red"}""", "colour: is an unknown field; it is kept without effect.")]
    [InlineData("""{"partitions":{"rate_limits":true}}""", "partitions.rate_limits: is an unknown field; it is kept without effect. Did you mean rate_limit?")]
    [InlineData("""{"smoothing":{"x":1}}""", "smoothing.x: is an unknown field; it is kept without effect.")]
    [InlineData("""{"access_rights":{"a":{"allowed_url":[]}}}""", "access_rights.a.allowed_url: is an unknown field; it is kept without effect. Did you mean allowed_urls?")]
    [InlineData("""{"access_rights":{"a":{"limit":{"rates":1}}}}""", "access_rights.a.limit.rates: is an unknown field; it is kept without effect. Did you mean rate?")]
    [InlineData("""{"access_rights":{"a":{"allowed_urls":[{"method":1}]}}}""", "access_rights.a.allowed_urls[0].method: is an unknown field; it is kept without effect. Did you mean methods?")]
    [InlineData("""{"access_rights":{"a":{"endpoints":[{"methods":[{"limit":{"quota":1}}]}]}}}""", "access_rights.a.endpoints[0].methods[0].limit.quota: is an unknown field; it is kept without effect.")]
    [InlineData("""{"id":"silver"}""", "id: is \"silver\", but the policy stands under \"gold\", which counts: make them equal.")]
    [InlineData("""{"state":"deny"}""", "state: is kept without effect: write active: false for a draft, or is_inactive: true to deny.")]
    public void Read_doubtful_field_is_kept_and_reported(string json, string expected)
    {
        var findings = new FindingList();

        var policy = PolicyJson.Read(Shape.Element(json), "gold", findings)!;

        Assert.Equal([$"warning policy gold: {expected}"], Shape.Lines(findings));
        var written = Shape.Write(writer => PolicyJson.Write(writer, policy));
        Assert.Equal(written, Rewrite(written, "gold"));
        if (!json.Contains("silver", StringComparison.Ordinal))
        {
            Assert.Equal(json.Insert(1, "\"id\":\"gold\","), written);
        }
    }

    [Fact]
    public void ReadChecked_wrong_types_and_wrong_values_come_together()
    {
        var findings = new FindingList();

        Assert.Null(PolicyJson.ReadChecked(
            Shape.Element("""{"rate":"3","per":1,"quota_max":-5,"tags":[1],"access_rights":{"a b":{"limit":7}}}"""), "gold", findings));

        Assert.Equal(
            [
                "error policy gold: rate: expected a number, got the string \"3\".",
                "error policy gold: access_rights.a b.limit: expected an object, got the number 7.",
                "error policy gold: tags[0]: expected a string, got the number 1.",
                "error policy gold: quota_max: -5 is out of range: write 0 to 9007199254740991, or -1 for unlimited.",
            ],
            Shape.Lines(findings).Where(line => !line.Contains("is not an id", StringComparison.Ordinal)));
    }

    [Fact]
    public void ReadChecked_unreadable_per_is_not_reported_as_missing_too()
    {
        var findings = new FindingList();

        Assert.Null(PolicyJson.ReadChecked(Shape.Element("""{"rate":3,"per":"1"}"""), "gold", findings));

        Assert.Equal(["error policy gold: per: expected a number, got the string \"1\"."], Shape.Lines(findings));
    }

    [Fact]
    public void ReadChecked_error_of_the_whole_hides_no_error_of_a_field()
    {
        var findings = new FindingList();

        Assert.Null(PolicyJson.ReadChecked(Shape.Element("""{"\ud800":1,"rate":-3}"""), "gold", findings));

        Assert.Equal(["", "rate"], findings.Select(finding => finding.Field));
    }

    [Theory]
    [InlineData("""{"access_rights":{"a":{"limit":{"rate":"x","per":-5}}}}""", "access_rights.a.limit.rate", "access_rights.a.limit.per")]
    [InlineData("""{"access_rights":{"a":{"allowed_urls":[{"url":5,"methods":["G T"]}]}}}""", "access_rights.a.allowed_urls[0].url", "access_rights.a.allowed_urls[0].methods[0]")]
    public void ReadChecked_only_what_follows_from_an_unreadable_field_is_left_out(string json, params string[] fields)
    {
        var findings = new FindingList();

        Assert.Null(PolicyJson.ReadChecked(Shape.Element(json), "gold", findings));

        Assert.Equal(fields, findings.Select(finding => finding.Field));
    }

    [Fact]
    public void Read_without_an_outer_id_takes_id_then_object_id()
    {
        var findings = new FindingList();

        Assert.Equal("gold", PolicyJson.Read(Shape.Element("""{"_id":"5fd","id":"gold"}"""), null, findings)!.Id);
        Assert.Equal("5fd", PolicyJson.Read(Shape.Element("""{"_id":"5fd","id":""}"""), null, findings)!.Id);
        Assert.Empty(findings);
        Assert.Null(PolicyJson.ReadChecked(Shape.Element("""{"rate":-1,"quota_max":-1}"""), null, findings));
        Assert.Equal(["error policy: id: is missing: write an id of 1 to 128 letters, digits, '.', '_', '~' or '-'."], Shape.Lines(findings));
    }

    [Fact]
    public void Read_a_million_wrong_items_and_fields_end_in_a_few_findings()
    {
        var findings = new FindingList();
        var items = string.Join(',', Enumerable.Repeat("1", 1_000_000));
        var fields = string.Join(',', Enumerable.Range(0, 1_000).Select(number => $"\"field_{number}\":0"));

        Assert.Null(PolicyJson.Read(Shape.Element($$"""{"tags":[{{items}}],{{fields}}}"""), "gold", findings));

        Assert.Equal(42, findings.Count);
        Assert.Contains("warning policy gold: has 980 more unknown fields; they are kept without effect.", Shape.Lines(findings));
        Assert.Contains("error policy gold: tags: has 999980 more items that are not a string.", Shape.Lines(findings));
    }

    [Fact]
    public void Read_kept_values_outlive_their_document()
    {
        Policy policy;
        using (var document = System.Text.Json.JsonDocument.Parse("""{"meta_data":{"a":1},"x":{"y":2}}"""))
        {
            policy = PolicyJson.Read(document.RootElement, "gold", [])!;
        }

        Assert.Equal("""{"id":"gold","meta_data":{"a":1},"x":{"y":2}}""", Shape.Write(writer => PolicyJson.Write(writer, policy)));
    }

    [Fact]
    public void Write_extra_field_of_a_known_name_is_not_written_twice()
    {
        var policy = new Policy
        {
            Id = "gold",
            Limits = new LimitSettings { Rate = new RateSettings(1, 1) },
            ExtraFields = new Policy { Id = "" }.ExtraFields.Add("Rate", Shape.Element("5")).Add("x", Shape.Element("6")).Add("y", default),
        };

        Assert.Equal("""{"id":"gold","rate":1,"per":1,"x":6}""", Shape.Write(writer => PolicyJson.Write(writer, policy)));
    }

    private static string Rewrite(string json, string id)
    {
        var policy = PolicyJson.Read(Shape.Element(json), id, [])!;
        return Shape.Write(writer => PolicyJson.Write(writer, policy));
    }
}
