using System.Text.Json;

namespace Decision.Engine.Tests.Cases;

/// <summary>A case that cannot fail is refused when it is read.</summary>
public sealed class CaseFileTests
{
    [Theory]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "polices": {}, "expect_merge": {} } ] }""", "polices")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "expect_merge": { "apis": { "a": { "rates": "1/1" } } } } ] }""", "rates")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "requests": [ { "expect": { "allowed": true, "state": 200 } } ] } ] }""", "state")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "options": { "master": true }, "expect_merge": {} } ] }""", "master")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "requests": [ { "edit": { "policy": {} } } ], "expect_merge": {} } ] }""", "policy")]
    [InlineData("""{ "cases": [ { "name": "n", "name": "m", "rule": "r", "expect_merge": {} } ] }""", "name")]
    [InlineData("""{ "cases": [ { "name": "n", "expect_merge": {} } ] }""", "rule")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r" } ] }""", "expects nothing")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "expect_merge": {}, "requests": [ { "path": "/x" } ] } ] }""", "either edit or expect")]
    [InlineData("""{ "cases": [ { "name": "n", "rule": "r", "requests": [ { "expect": { "allowed": false } } ] } ] }""", "must name its reason")]
    [InlineData("""{ "case": [] }""", "case")]
    public void Parse_faulty_file_names_the_fault(string json, string named)
    {
        var problem = Assert.Throws<JsonException>(() => CaseFile.Parse(json));
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "policies": { "p": { "rate": 5, "per": 1, "partition": {} } }, "expect_merge": {} }""", "policy p: partition")]
    [InlineData("""{ "policies": { "p": { "rate": 5 } }, "expect_merge": {} }""", "policy p: per")]
    [InlineData("""{ "key": { "access_right": {} }, "expect_merge": {} }""", "key: access_right")]
    [InlineData("""{ "key": {}, "expect_merge": { "rights": ["a"] } }""", "merge rights")]
    [InlineData("""{ "key": {}, "expect_merge": { "apis": { "a": {} } } }""", "no right on a")]
    [InlineData("""{ "expect_merge": { "key": "other" } }""", "no key \"other\"")]
    [InlineData("""{ "key": {}, "requests": [ { "api": "a", "expect": { "allowed": true } } ] }""", "requests[0] allowed")]
    [InlineData("""{ "requests": [ { "presence": "missing", "api": "a", "expect": { "allowed": false, "reason": "KEY_UNKNOWN" } } ] }""", "requests[0] reason")]
    [InlineData("""{ "requests": [ { "presence": "missing", "api": "a", "expect": { "allowed": false, "reason": "KEY_MISSING", "status": 403 } } ] }""", "requests[0] status")]
    [InlineData("""{ "expect_findings": [ { "subject": "policy p", "field": "rate" } ] }""", "findings")]
    public void Run_unmet_expectation_fails_and_says_which(string fields, string named)
    {
        var one = CaseFile.Parse($$"""{ "cases": [ { "name": "n", "rule": "r", {{fields.Trim()[1..^1]}} } ] }""").Cases.Single();
        var failure = Assert.ThrowsAny<Exception>(() => CaseRunner.Run(one));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }
}
