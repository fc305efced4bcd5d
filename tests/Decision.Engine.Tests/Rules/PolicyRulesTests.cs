using System.Collections.Immutable;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Limits;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Rules;
using Decision.Engine.Settings;
using Decision.Engine.Tests.Json;

namespace Decision.Engine.Tests.Rules;

public sealed class PolicyRulesTests
{
    /// <summary>Without a word: the fields of a policy around limits that are written.</summary>
    [Theory]
    [InlineData("""{"rate":-1,"per":0,"quota_max":-1}""")]
    [InlineData("""{"rate":-1,"per":-1,"quota_max":-1,"quota_renewal_rate":-1,"max_query_depth":-1,"throttle_interval":-1,"throttle_retry_limit":-1}""")]
    [InlineData("""{"rate":4294967295,"per":0.001,"quota_max":9007199254740991,"quota_renewal_rate":3155760000}""")]
    [InlineData("""{"rate":0.5,"per":315576000e-1,"quota_max":1,"quota_renewal_rate":-1}""")]
    [InlineData("""{"rate":1,"per":315576000,"rate_algorithm":"token_bucket","burst":5,"quota_max":1,"quota_period":"month","quota_time_zone":"Europe/Berlin"}""")]
    [InlineData("""{"rate":1,"per":1,"quota_max":1,"quota_period":"rolling","quota_renewal_rate":60}""")]
    [InlineData("""{"partitions":{"acl":true},"access_rights":{"a":{"allowed_urls":[{"url":"/x","methods":["GET"]}]}}}""")]
    [InlineData("""{"partitions":{"per_api":true},"access_rights":{"a":{"limit":{"rate":1,"per":1,"quota_max":-1}}}}""")]
    [InlineData("""{"partitions":{"rate_limit":true},"rate":1,"per":1,"access_rights":{"a":{"endpoints":[{"path":"/x","methods":[{"name":"get","limit":{"rate":1,"per":1}}]}]}}}""")]
    [InlineData("""{"rate":-1,"quota_max":-1,"key_expires_in":3155760000,"post_expiry_action":"retain","post_expiry_grace_period":-1,"allowed_ips":["10.0.0.0/8","::1"]}""")]
    public void Check_good_policy_has_no_finding(string json) => Assert.Empty(Findings(json));

    public static TheoryData<string, string> Bad() => new()
    {
        { """{"rate":-2,"quota_max":-1}""", "error rate: -2 is not a rate: write requests per 'per' seconds, from more than 0 to 4294967295, 0 for not set or -1 for unlimited." },
        { """{"rate":-0.5,"quota_max":-1}""", "error rate: -0.5 is not a rate: write requests per 'per' seconds, from more than 0 to 4294967295, 0 for not set or -1 for unlimited." },
        { """{"rate":4294967296,"per":1,"quota_max":-1}""", "error rate: 4294967296 is not a rate: write requests per 'per' seconds, from more than 0 to 4294967295, 0 for not set or -1 for unlimited." },
        { """{"rate":3,"quota_max":-1}""", "error per: is missing, but rate is 3: write seconds, from 0.001 to 315576000." },
        { """{"rate":3,"per":-1,"quota_max":-1}""", "error per: -1 is out of range: write seconds, from 0.001 to 315576000." },
        { """{"rate":-1,"per":-2,"quota_max":-1}""", "error per: -2 is out of range: write seconds, from 0.001 to 315576000." },
        { """{"rate":3,"per":0.0009,"quota_max":-1}""", "error per: 0.0009 is out of range: write seconds, from 0.001 to 315576000." },
        { """{"rate":3,"per":315576001,"quota_max":-1}""", "error per: 315576001 is out of range: write seconds, from 0.001 to 315576000." },
        { """{"rate":1e-9,"per":1,"quota_max":-1}""", "error per: with rate 1E-09 means one request in more than 315576000 seconds: write a larger rate or a shorter per." },
        { """{"rate":2.5,"per":1,"quota_max":-1}""", "warning rate: 2.5 counts as 2: write a whole number, or a longer 'per'." },
        { """{"rate":1,"per":1,"burst":-1,"quota_max":-1}""", "error burst: -1 is out of range: write 0 to 4294967295." },
        { """{"rate":1,"per":1,"burst":3,"quota_max":-1}""", "warning burst: 3 has no effect: only rate_algorithm token_bucket has a burst." },
        { """{"rate":-1,"quota_max":-2}""", "error quota_max: -2 is out of range: write 0 to 9007199254740991, or -1 for unlimited." },
        { """{"rate":-1,"quota_max":9007199254740992}""", "error quota_max: 9007199254740992 is out of range: write 0 to 9007199254740991, or -1 for unlimited. | warning quota_renewal_rate: is not set: 9007199254740992 requests are all that a key ever gets. Write the seconds of a period, or -1 if that is meant." },
        { """{"rate":-1,"quota_max":-1,"quota_renewal_rate":-2}""", "error quota_renewal_rate: -2 is out of range: write 0 to 3155760000, or -1 for never." },
        { """{"rate":-1,"quota_max":-1,"quota_renewal_rate":3155760001}""", "error quota_renewal_rate: 3155760001 is out of range: write 0 to 3155760000, or -1 for never." },
        { """{"rate":-1,"quota_max":5}""", "warning quota_renewal_rate: is not set: 5 requests are all that a key ever gets. Write the seconds of a period, or -1 if that is meant." },
        { """{"rate":-1,"quota_max":5,"quota_period":"day","quota_renewal_rate":60}""", "warning quota_renewal_rate: 60 has no effect: quota_period day counts. Remove one of the two." },
        { """{"rate":-1,"quota_max":-1,"quota_time_zone":"Europe/Berlin"}""", "warning quota_time_zone: \"Europe/Berlin\" has no effect without quota_period hour, day, week or month." },
        { """{"rate":-1,"quota_max":1,"quota_period":"day","quota_time_zone":"Mars/Base"}""", "error quota_time_zone: \"Mars/Base\" is no known time zone: write an IANA name such as Europe/Berlin, or nothing for UTC." },
        { """{"rate":-1,"quota_max":1,"quota_period":"day","quota_time_zone":"../../etc/passwd"}""", "error quota_time_zone: \"../../etc/passwd\" is no known time zone: write an IANA name such as Europe/Berlin, or nothing for UTC." },
        { """{"rate":-1,"quota_max":-1,"max_query_depth":-2}""", "error max_query_depth: -2 is out of range: write 0 to 2147483647, or -1 for unlimited." },
        { """{"rate":-1,"quota_max":-1,"throttle_interval":-0.5}""", "error throttle_interval: -0.5 is out of range: write seconds, 0 to 3155760000, or -1." },
        { """{"rate":-1,"quota_max":-1,"throttle_interval":1,"throttle_retry_limit":2}""", "warning throttle_retry_limit: is kept and given back, but nothing is held and retried here (difference D20)." },
        { """{"rate":-1,"quota_max":-1,"throttle_retry_limit":-2}""", "error throttle_retry_limit: -2 is out of range: write 0 to 2147483647, or -1 for no retry." },
        { """{"rate":-1,"quota_max":-1,"smoothing":{"enabled":true,"step":1}}""", "warning smoothing: is kept, but without effect (difference D21): use rate_algorithm token_bucket with a burst." },
        { """{"rate":-1,"quota_max":-1,"key_expires_in":-1}""", "error key_expires_in: -1 is out of range: write 0 to 3155760000." },
        { """{"rate":-1,"quota_max":-1,"key_expires_in":3155760001}""", "error key_expires_in: 3155760001 is out of range: write 0 to 3155760000." },
        { """{"rate":-1,"quota_max":-1,"post_expiry_action":"Retain"}""", "error post_expiry_action: expected retain, delete or nothing, got \"Retain\"." },
        { """{"rate":-1,"quota_max":-1,"post_expiry_grace_period":-2}""", "error post_expiry_grace_period: -2 is out of range: write 0 to 3155760000, or -1 for ever." },
        { """{"rate":-1,"quota_max":-1,"org_id":"a/b"}""", "error org_id: \"a/b\" is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'." },
        { """{"rate":-1,"quota_max":-1,"org_id":"a\n"}""", "error org_id: \"a?\" is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'." },
        { """{"rate":-1,"quota_max":-1,"meta_data":{"policies":[{}]}}""", "warning meta_data.policies: embedded policies are not supported: kept as metadata, without effect. Name policies in apply_policies." },
        { """{"rate":-1,"quota_max":-1,"meta_data":{"rate_limit_pattern":5}}""", "error meta_data.rate_limit_pattern: expected a string, got the number 5." },
        { "{}", "warning rate: is not set by this policy, which covers it: its keys have no rate limit. Write -1 if that is meant. | warning quota_max: is not set by this policy, which covers it: its keys have no quota. Write -1 if that is meant." },
        { """{"partitions":{"quota":true}}""", "warning quota_max: is not set by this policy, which covers it: its keys have no quota. Write -1 if that is meant." },
        { """{"per":60,"quota_max":-1}""", "warning per: 60 has no effect without a rate. | warning rate: is not set by this policy, which covers it: its keys have no rate limit. Write -1 if that is meant." },
        { """{"partitions":{"per_api":true},"quota_max":-1,"access_rights":{"a":{"limit":{"rate":1,"per":1}},"b":{}}}""", "warning rate: is not set by this policy, which covers it: its keys have no rate limit. Write -1 if that is meant." },
        { """{"rate":-1,"quota_max":-1,"partitions":{"per_api":true,"acl":true}}""", "error partitions: has per_api together with quota, rate_limit, acl or complexity: write either per_api alone, or the others." },
        { """{"partitions":{"acl":true},"access_rights":{"a":{"endpoints":[{"path":"/x","methods":[{"name":"GET"}]}]}}}""", "warning access_rights.a.endpoints: has no effect in a policy that does not cover rate_limit: set partitions.rate_limit." },
        { """{"partitions":{"quota":true},"quota_max":-1,"access_rights":{"a":{"versions":["v1"]}}}""", "warning access_rights.a.versions: has no effect in a policy that does not cover acl: set partitions.acl." },
        { Right("""{"limit":{"rate":1,"per":1}}"""), "warning access_rights.a.limit: has no effect in a policy without partitions.per_api: set it, or write the limits at the root." },
        { Right("""{"api_id":"b"}"""), "warning access_rights.a.api_id: is \"b\", but the rights stand under \"a\", which counts: make them equal." },
        { Right("""{"allowed_types":[{"name":"Q"}]}"""), "warning access_rights.a.allowed_types: is kept and given back for the proxy, but not enforced here, where no body is seen (difference D22)." },
        { Right("""{"restricted_types":[{"name":"Q"}]}"""), "warning access_rights.a.restricted_types: is kept and given back for the proxy, but not enforced here, where no body is seen (difference D22)." },
        { Right("""{"field_access_rights":[{"limits":{"max_query_depth":-2}}]}"""), "warning access_rights.a.field_access_rights: is kept and given back for the proxy, but not enforced here, where no body is seen (difference D22). | error access_rights.a.field_access_rights[0].limits.max_query_depth: -2 is out of range: write 0 to 2147483647, or -1 for unlimited." },
        { Right("""{"allowed_urls":[{"url":"/x"}]}"""), "warning access_rights.a.allowed_urls[0].methods: is empty: \"/x\" never matches. Write the methods that are granted." },
        { Right("""{"allowed_urls":[{"methods":["GET"]}]}"""), "error access_rights.a.allowed_urls[0].url: is missing: write a path such as /users, or a regular expression." },
        { Right("""{"allowed_urls":[{"url":"/x","methods":["GET","G T"]}]}"""), "error access_rights.a.allowed_urls[0].methods[1]: \"G T\" is not an HTTP method: write one such as GET." },
        { Right("""{"endpoints":[{"path":"/x"}]}"""), "warning access_rights.a.endpoints[0].methods: is empty: \"/x\" never matches. Write the methods that are limited." },
        { Right("""{"endpoints":[{"path":"/x","methods":[{"name":"GET","limit":{"rate":1}}]}]}"""), "error access_rights.a.endpoints[0].methods[0].limit.per: is missing, but rate is 1: write seconds, from 0.001 to 315576000." },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Check_bad_value_names_field_value_and_mending(string json, string expected) =>
        Assert.Equal(expected, string.Join(" | ", Findings(json)));

    [Theory]
    [InlineData("^/x(", UrlMatching.Segments)]
    [InlineData("/x(", UrlMatching.Tyk)]
    [InlineData("^(?=a)", UrlMatching.Segments)]
    public void Check_bad_pattern_is_an_error_at_its_place(string pattern, UrlMatching matching)
    {
        PathPattern.Parse(pattern, matching, out var problem);
        var policy = Good with
        {
            AccessRights = Good.AccessRights.Add("a", new AccessRight
            {
                AllowedUrls = [new AllowedUrl("/good", ["GET"]), new AllowedUrl(pattern, ["GET"])],
                Endpoints = [new EndpointRight(pattern, [new EndpointMethod("GET", default)])],
            }),
        };
        var findings = new FindingList();

        PolicyRules.Check(policy, findings, matching: matching);

        Assert.NotNull(problem);
        Assert.Equal(
            [
                $"error policy gold: access_rights.a.allowed_urls[1].url: \"{pattern}\": {problem}",
                $"error policy gold: access_rights.a.endpoints[0].path: \"{pattern}\": {problem}",
            ],
            Shape.Lines(findings));
    }

    [Fact]
    public void Check_bad_address_is_an_error_at_its_place()
    {
        var findings = new FindingList();

        PolicyRules.Check(Good with { AllowedIps = ["10.0.0.0/8", "300.1.1.1"] }, findings);

        var finding = Assert.Single(findings);
        Assert.Equal(("allowed_ips[1]", FindingSeverity.Error), (finding.Field, finding.Severity));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Check_number_that_json_cannot_write_is_an_error(double value)
    {
        var findings = new FindingList();
        var policy = Good with { Limits = new LimitSettings { Rate = new RateSettings(value, value), ThrottleInterval = value, Quota = Good.Limits.Quota } };

        PolicyRules.Check(policy, findings);

        Assert.Equal(
            ["rate", "per", "throttle_interval"],
            findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.Field));
    }

    [Fact]
    public void Check_words_that_are_none_are_errors()
    {
        var findings = new FindingList();
        var policy = Good with
        {
            Limits = new LimitSettings { Rate = new RateSettings(-1, 0, (RateAlgorithm)9), Quota = new QuotaSettings(-1, 0, (QuotaPeriod)9) },
            Behavior = new LimitBehavior((StoreFailureMode)9, (StoreFailureMode)9, (StoreFailureMode)9, (LimitsMode)9, (Enforcement)9),
        };

        PolicyRules.Check(policy, findings);

        Assert.Equal(
            [
                "rate_algorithm", "quota_period", "on_store_failure", "on_store_failure_rate", "on_store_failure_quota", "limits_mode", "enforcement",
            ],
            findings.Select(finding => finding.Field));
        Assert.Equal("expected one of enforce, shadow, got \"9\".", findings[6].Message);
    }

    [Fact]
    public void Check_sizes_at_the_caps_are_taken()
    {
        var findings = new FindingList();

        PolicyRules.Check(Sized(0), findings);

        Assert.Empty(findings);
    }

    [Fact]
    public void Check_sizes_above_the_caps_are_errors()
    {
        var findings = new FindingList();

        PolicyRules.Check(Sized(1), findings);

        Assert.Equal(
            [
                "error policy gold: name: has 1025 characters: write at most 1024.",
                "error policy gold: access_rights: has 10001 entries: write at most 10000.",
                "error policy gold: access_rights.a00000.versions: has 1001 entries: write at most 1000.",
                "error policy gold: access_rights.a00000.allowed_urls: has 1001 entries: write at most 1000.",
                "error policy gold: tags: has 1001 entries: write at most 1000.",
                "error policy gold: meta_data: has 65537 bytes: write at most 65536.",
                "error policy gold: allowed_ips: has 1001 entries: write at most 1000.",
                "error policy gold: has unknown fields of 65537 bytes: write at most 65536.",
            ],
            Shape.Lines(findings));
    }

    private static readonly Policy Good = PolicyJson.Read(Shape.Element("""{"rate":-1,"quota_max":-1}"""), "gold", [])!;

    private static string Right(string right) => $$$"""{"rate":-1,"quota_max":-1,"access_rights":{"a":{{{right}}}}}""";

    private static IEnumerable<string> Findings(string json)
    {
        var findings = new FindingList();
        PolicyRules.Check(PolicyJson.Read(Shape.Element(json), "gold", findings)!, findings);
        return Shape.Lines(findings).Select(line => line.Replace("policy gold: ", "", StringComparison.Ordinal));
    }

    private static Policy Sized(int over)
    {
        // The member's name and the quotation marks count as well.
        var free = ImmutableSortedDictionary<string, System.Text.Json.JsonElement>.Empty
            .Add("x", Shape.Element($"\"{new string('m', 65_533 + over)}\""));
        var rights = Enumerable.Range(0, 10_000 + over).ToImmutableSortedDictionary(
            number => $"a{number:D5}",
            number => number > 0
                ? new AccessRight()
                : new AccessRight
                {
                    Versions = [.. Enumerable.Repeat("v", 1_000 + over)],
                    AllowedUrls = [.. Enumerable.Repeat(new AllowedUrl("/x", ["GET"]), 1_000 + over)],
                },
            StringComparer.Ordinal);
        return Good with
        {
            Name = new string('n', 1_024 + over),
            Tags = [.. Enumerable.Repeat("t", 1_000 + over)],
            AllowedIps = [.. Enumerable.Repeat("10.0.0.1", 1_000 + over)],
            Metadata = free,
            ExtraFields = free,
            AccessRights = rights,
        };
    }
}
