using System.Xml.Linq;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.PolicyTests;

/// <summary><c>policy test</c>: what it says, writes and ends with.</summary>
public sealed class PolicyTestCommandTests : IDisposable
{
    private const string Policies = """
        policies:
          small:
            org_id: acme
            rate: 2
            per: 1
            quota_max: 3
            access_rights: { orders: { allowed_urls: [{ url: /orders, methods: [GET] }] } }
        key: { org_id: acme, apply_policies: [small] }
        defaults: { api: orders, path: /orders/1 }

        """;

    private readonly FileFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Test_verdict_differs_tells_expected_got_and_the_step_that_decided()
    {
        var run = (await TestAsync("cases:\n  - name: writing\n    requests:\n      - { method: POST, expect: { allowed: true, status: 200 } }\n"))
            .Expect(ExitCode.Refused);

        Assert.Contains("FAIL  writing", run.Out, StringComparison.Ordinal);
        Assert.Contains("one.test.yaml:13 request 1: POST /orders/1 on API orders with key key, 0s after the start", run.Out, StringComparison.Ordinal);
        Assert.Contains("allowed  expected true, got false", run.Out, StringComparison.Ordinal);
        Assert.Contains("status   expected 200, got 403", run.Out, StringComparison.Ordinal);
        Assert.Contains("Decided by step path, policy small: ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("0 passed, 1 failed in 1 file.", run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_quota_used_up_for_good_names_policy_and_field()
    {
        var run = (await TestAsync("cases:\n  - name: four\n    requests:\n      - { repeat: 2, expect: allowed }\n      - { advance: 1s, expect: allowed }\n      - { advance: 1s, expect: allowed }\n"))
            .Expect(ExitCode.Refused);

        Assert.Contains("Decided by step quota, policy small, field quota_max: quota 3 for good, counted on policy:small: 3 used, 0 left, no waiting helps.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_admission_where_a_denial_is_expected_tells_what_was_left()
    {
        var run = (await TestAsync("cases:\n  - name: one\n    requests:\n      - { expect: RATE_LIMITED }\n")).Expect(ExitCode.Refused);

        Assert.Contains("reason  expected RATE_LIMITED, got ALLOWED", run.Out, StringComparison.Ordinal);
        Assert.Contains("Every step passed. rate 2 in 1s, counted on policy:small of small: 1 left.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_junit_has_cases_and_failures()
    {
        string report = _folder.PathOf("results.xml");

        (await TestAsync("cases:\n  - name: good\n    requests:\n      - expect: allowed\n  - name: bad <&>\n    requests:\n      - expect: QUOTA_EXCEEDED\n", "--junit", report))
            .Expect(ExitCode.Refused);

        var suites = XDocument.Load(report).Root!;
        Assert.Equal("2", suites.Attribute("tests")!.Value);
        Assert.Equal("1", suites.Attribute("failures")!.Value);
        var cases = suites.Descendants("testcase").ToList();
        Assert.Equal(["good", "bad <&>"], cases.Select(one => one.Attribute("name")!.Value));
        Assert.Equal("reason: expected QUOTA_EXCEEDED, got ALLOWED", cases[1].Element("failure")!.Attribute("message")!.Value);
        Assert.Contains("Every step passed", cases[1].Element("failure")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_junit_of_a_wrong_file_has_an_error()
    {
        string report = _folder.PathOf("results.xml");

        (await TestAsync("cases: 3\n", "--junit", report)).Expect(ExitCode.WrongUse);

        Assert.Contains("expected a list", XDocument.Load(report).Descendants("error").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_junit_that_cannot_be_written_is_wrong_use()
    {
        var run = (await TestAsync("cases:\n  - name: good\n    requests:\n      - expect: allowed\n", "--junit", _folder.PathOf("no/such/results.xml"))).Expect(ExitCode.WrongUse);

        Assert.Contains("results.xml cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_as_json_has_differences_and_the_deciding_step()
    {
        var run = (await TestAsync("cases:\n  - name: writing\n    requests:\n      - { method: POST, expect: allowed }\n", "--output", "json")).Expect(ExitCode.Refused);

        Assert.Equal(1, run.Json["failed"]!.GetValue<int>());
        var failure = run.Json["files"]![0]!["cases"]![0]!["failures"]![0]!;
        Assert.Equal(13, failure["line"]!.GetValue<int>());
        Assert.Equal("PATH_NOT_GRANTED", failure["differences"]![0]!["got"]!.GetValue<string>());
        Assert.Equal("path", failure["decided"]!["step"]!.GetValue<string>());
        Assert.Equal("small", failure["decided"]!["origin"]!.GetValue<string>());
    }

    [Fact]
    public async Task Test_filter_runs_only_cases_with_the_text()
    {
        const string Two = "cases:\n  - name: Reading\n    requests:\n      - expect: allowed\n  - name: Writing\n    requests:\n      - expect: QUOTA_EXCEEDED\n";

        var run = (await TestAsync(Two, "--filter", "reading")).Expect(ExitCode.Done);
        Assert.EndsWith("1 passed, 0 failed in 1 file.", run.Lines[^1], StringComparison.Ordinal);

        run = (await TestAsync(Two, "--filter", "deleting")).Expect(ExitCode.WrongUse);
        Assert.Contains("\"deleting\" is in no name of a case", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_quiet_tells_failures_and_the_summary()
    {
        var run = (await TestAsync("cases:\n  - name: good\n    requests:\n      - expect: allowed\n", "--quiet")).Expect(ExitCode.Done);

        Assert.Equal(["1 passed, 0 failed in 1 file."], run.Lines);
    }

    [Theory]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { expects: allowed }\n", "one.test.yaml:13:11: cases[0].requests[0].expects: is no field here. Did you mean expect?")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { expect: RATE_LIMITTED }\n", "one.test.yaml:13:19: cases[0].requests[0].expect: \"RATE_LIMITTED\" is no reason")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: other, expect: allowed }\n", "\"other\" is no key of this case")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { at: +2s, expect: allowed }\n      - { at: +1s, expect: allowed }\n", "cases[0].requests[1].at: is before the step above")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { at: tomorrow, expect: allowed }\n", "cases[0].requests[0].at: is \"tomorrow\"")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { at: +1s, advance: 1s, expect: allowed }\n", "cases[0].requests[0].advance: and at exclude each other")]
    [InlineData("cases:\n  - name: n\n    clock: noon\n    requests:\n      - expect: allowed\n", "cases[0].clock: is \"noon\"")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { edit: { keys: {} }, expect: allowed }\n", "cases[0].requests[0].expect: cannot stand beside edit")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - expect: allowed\n  - name: n\n    requests:\n      - expect: allowed\n", "cases[1].name: \"n\" is there twice")]
    [InlineData("cases:\n  - name: n\n    policies: { bad: { rate: -5, acces_rights: {} } }\n    requests:\n      - expect: allowed\n", "cases[0].policies.bad.rate: ")]
    [InlineData("cases:\n  - name: n\n    policies: { bad: { rate: 5, per: 1, acces_rights: {} } }\n    requests:\n      - expect: allowed\n", "cases[0].policies.bad.acces_rights: is an unknown field")]
    [InlineData("cases:\n  - name: n\n    policies: nowhere.json\n    requests:\n      - expect: allowed\n", "cases[0].policies: \"nowhere.json\" does not exist")]
    [InlineData("cases:\n  - name: n\n    key: { expires: later }\n    requests:\n      - expect: allowed\n", "cases[0].key.expires: is \"later\"")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { cost: -1, expect: allowed }\n", "cases[0].requests[0].cost: expected a whole number from 0")]
    [InlineData("cases:\n  - name: n\n    keys: { none: {} }\n    requests:\n      - expect: allowed\n", "cases[0].keys.none: is a word of its own")]
    [InlineData("cases:\n\t- name: n\n", "one.test.yaml:11:")]
    [InlineData("cases:\n  - name: n\n    name: m\n    requests:\n      - expect: allowed\n", "one.test.yaml:12:5: name: is there twice: remove one.")]
    [InlineData("cases:\n  - name: n\n    apis: [{ api_id: a, listen_path: /x }, { api_id: b, listen_path: /x }]\n    requests:\n      - expect: allowed\n", "listen_path")]
    public async Task Test_wrong_file_is_told_with_line_and_field(string cases, string told)
    {
        var run = (await TestAsync(cases)).Expect(ExitCode.WrongUse);

        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was run", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Test_broken_json_is_told_with_its_place()
    {
        string file = _folder.Write("one.test.json", "{\n  \"cases\": [\n    { \"name\": \"n\", }\n  ]\n}\n");

        var run = (await new Tool().RunAsync("policy", "test", file)).Expect(ExitCode.WrongUse);

        Assert.Contains("one.test.json:3:", run.Error, StringComparison.Ordinal);
        Assert.Contains("comma before a closing bracket", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_policy_file_with_findings_tells_them_all()
    {
        _folder.Write("policies.json", """{ "a": { "rate": -5 }, "b": { "quota_max": "many" } }""");
        var run = (await TestAsync("cases:\n  - name: n\n    policies: policies.json\n    requests:\n      - expect: allowed\n")).Expect(ExitCode.WrongUse);

        Assert.Contains("policies.json: policy a: rate", run.Error, StringComparison.Ordinal);
        Assert.Contains("policies.json: policy b: quota_max", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_policies_of_a_folder_are_those_that_apply_reads()
    {
        _folder.Write("p/deep/a.yaml", "id: own\norg_id: acme\nrate: 0x1\nper: 007\nquota_max: -1\naccess_rights: {orders: {}}\n---\nid: two\norg_id: acme\nrate: 1\nper: 1\nquota_max: -1\n");
        _folder.Write("p/named.yml", "org_id: acme\nrate: 1\nper: 1\nquota_max: -1\n");
        _folder.Write("p/listed.json", """{"policies": [{"id": "listed", "etag": "e", "org_id": "acme", "rate": 1, "per": 1, "quota_max": -1}]}""");
        _folder.Write("p/x.test.yaml", "cases: []");

        (await TestAsync("""
            cases:
              - name: all
                policies: p
                key: { org_id: acme, apply_policies: [own, two, named, listed] }
                requests:
                  - expect: { allowed: true, policies: [listed, named, own, two] }

            """)).Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData("a: {org_id: acme, rate: 1, per: 1}\nb: [", "p.yaml:")]
    [InlineData("a: {org_id: acme, rate: .inf, per: 1}", "p.yaml:1:25: .inf is no number")]
    [InlineData("org_id: acme\nrate: 1\nper: 1\n---\nid: b\nrate: 1\nper: 1\n", "p.yaml (document 1): policy: id: is missing")]
    [InlineData("- {id: a, rate: 1, per: 1}\n- {id: a, rate: 1, per: 1}\n", "p.yaml: policy a: id: is there twice: remove one.")]
    [InlineData("text", "p.yaml: has no policies: write an object")]
    public async Task Test_policy_file_that_is_wrong_is_told(string yaml, string told)
    {
        _folder.Write("p.yaml", yaml);

        var run = (await TestAsync("cases:\n  - name: n\n    policies: p.yaml\n    requests:\n      - expect: allowed\n")).Expect(ExitCode.WrongUse);

        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_policy_folder_without_files_is_told()
    {
        Directory.CreateDirectory(_folder.PathOf("none"));

        var run = (await TestAsync("cases:\n  - name: n\n    policies: none\n    requests:\n      - expect: allowed\n")).Expect(ExitCode.WrongUse);

        Assert.Contains("none: has no file that ends with .json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_paths_without_tests_are_told()
    {
        _folder.Write("policies.json", "{}");
        string text = _folder.Write("notes.txt", "");

        var run = (await new Tool().RunAsync("policy", "test", _folder.Path, "/no/such/folder", text)).Expect(ExitCode.WrongUse);

        Assert.Contains("has no tests: they are files that end with .test.yaml", run.Error, StringComparison.Ordinal);
        Assert.Contains("/no/such/folder: does not exist.", run.Error, StringComparison.Ordinal);
        Assert.Contains("notes.txt: is neither .yaml nor .json", run.Error, StringComparison.Ordinal);
        (await new Tool().RunAsync("policy", "test")).Expect(ExitCode.WrongUse);
    }

    [Fact]
    public async Task Test_everything_that_can_be_expected_is_compared()
    {
        var run = (await TestAsync("""
            organizations: [{ organization_id: acme, quota_max: 100 }]
            cases:
              - name: all
                key: { org_id: acme, alias: bot, apply_policies: [small], tags: [own], meta_data: { team: { size: 3 } } }
                requests:
                  - expect:
                      allowed: false
                      reason: key_expired
                      status: 401
                      message: other
                      origin: someone
                      api: other
                      retry_after: 1s
                      degraded: true
                      shadowed_reason: RATE_LIMITED
                      policies: [other]
                      missing_policies: [gone]
                      tags: [other]
                      metadata: { team: { size: 4 }, colour: red }
                      remaining: { rate: 7, quota: unlimited }
                      limits:
                        - { name: quota, scope: organization, limit: 1, used: 2, remaining: 3, reset_after: 5s, denied: true }
                        - { name: rate, origin: nobody }

            """)).Expect(ExitCode.Refused);

        foreach (string field in new[]
            {
                "allowed", "reason", "status", "message", "origin", "api", "retry_after", "degraded", "shadowed_reason", "policies", "missing_policies", "tags",
                "metadata.team", "metadata.colour", "remaining.rate", "remaining.quota", "limits[0].limit", "limits[0].used", "limits[0].remaining",
                "limits[0].reset_after", "limits[0].denied", "limits[1]",
            })
        {
            Assert.Contains(run.Lines, line => line.TrimStart().StartsWith(field + " ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Test_shadowed_limit_lets_through_and_says_so()
    {
        (await TestAsync("""
            options: { enforcement: shadow }
            cases:
              - name: shadow
                requests:
                  - { repeat: 2, expect: { allowed: true, shadowed_reason: none } }
                  - expect: { allowed: true, shadowed_reason: RATE_LIMITED }

            """)).Expect(ExitCode.Done);
    }

    [Fact]
    public async Task Test_yaml_anchors_and_merge_keys_are_read()
    {
        (await TestAsync("""
            cases:
              - name: merged
                keys:
                  base: &base { org_id: acme, apply_policies: [small] }
                  off: { <<: *base, is_inactive: true }
                requests:
                  - { key: base, expect: allowed }
                  - { key: off, expect: KEY_INACTIVE }

            """)).Expect(ExitCode.Done);
    }

    private Task<ToolRun> TestAsync(string cases, params string[] options) =>
        new Tool().RunAsync(["policy", "test", _folder.Write("one.test.yaml", Policies + cases), .. options]);
}
