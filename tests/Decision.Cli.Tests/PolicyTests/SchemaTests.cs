using System.Text.Json;
using Decision.Cli.PolicyTests;
using Decision.Cli.Sources;
using Decision.Cli.Tests.Support;
using Json.Schema;

namespace Decision.Cli.Tests.PolicyTests;

/// <summary>Editors and the runner accept and refuse the same files.</summary>
public sealed class SchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(PolicyTestCommand.Schema());

    public static TheoryData<string> Samples =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SampleTests.Folder, "tests")).Select(file => Path.GetFileName(file)),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Schema_of_every_sample_is_valid(string file)
    {
        var problems = new SourceProblems(file);
        var node = SourceFile.Read(Path.Combine(SampleTests.Folder, "tests", file), problems);

        Assert.Empty(problems.All);
        var result = Schema.Evaluate(node!.ToJson(), new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', result.Details?.Where(one => one.Errors is not null).Select(one => $"{one.InstanceLocation}: {string.Join(' ', one.Errors!.Values)}") ?? []));
    }

    [Theory]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, expect: allowed }\npolicys: {}\n", "policys")]
    [InlineData("cases:\n  - name: n\n    request: []\n    requests:\n      - { key: none, expect: allowed }\n", "cases[0].request")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, methode: GET, expect: allowed }\n", "cases[0].requests[0].methode")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, expect: { alowed: true } }\n", "cases[0].requests[0].expect.alowed")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, expect: { remaining: { quotas: 1 } } }\n", "cases[0].requests[0].expect.remaining.quotas")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, expect: { limits: [{ name: rate, left: 1 }] } }\n", "cases[0].requests[0].expect.limits[0].left")]
    [InlineData("options: { masters: true }\ncases:\n  - name: n\n    requests:\n      - { key: none, expect: allowed }\n", "options.masters")]
    [InlineData("cases: []\n", "cases")]
    [InlineData("cases:\n  - name: n\n    requests: []\n", "cases[0].requests")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none }\n", "cases[0].requests[0].expect")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, repeat: 0, expect: allowed }\n", "cases[0].requests[0].repeat")]
    [InlineData("cases:\n  - requests:\n      - { key: none, expect: allowed }\n", "cases[0].name")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, advance: soon, expect: allowed }\n", "cases[0].requests[0].advance")]
    [InlineData("cases:\n  - name: n\n    requests:\n      - { key: none, expect: { status: ok } }\n", "cases[0].requests[0].expect.status")]
    public void Schema_and_runner_refuse_the_same(string yaml, string field)
    {
        using var folder = new FileFolder();
        string file = folder.Write("wrong.test.yaml", yaml);
        var problems = new SourceProblems(file);

        Assert.Null(SuiteReader.Read(file, problems));
        Assert.Contains(problems.All, problem => problem.Field == field && problem.Line > 0);
        Assert.False(Schema.Evaluate(SourceFile.Read(file, problems)!.ToJson()).IsValid);
    }

    [Fact]
    public async Task Schema_option_prints_it()
    {
        var run = (await new Tool().RunAsync("policy", "test", "--schema")).Expect(ExitCode.Done);

        Assert.Equal("Policy tests of decisionctl", JsonDocument.Parse(run.Out).RootElement.GetProperty("title").GetString());
    }
}
