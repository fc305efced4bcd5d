using System.Text.Json.Nodes;

namespace Decision.Cli.PolicyTests;

/// <summary>The outcome for programs.</summary>
internal static class JsonReport
{
    /// <summary>One object.</summary>
    public static JsonObject Of(PolicyTestRun run) => new()
    {
        ["passed"] = run.Passed,
        ["failed"] = run.Failed,
        ["problems"] = List(run.Problems, static problem => new JsonObject
        {
            ["file"] = problem.File,
            ["line"] = problem.Line,
            ["column"] = problem.Column,
            ["field"] = problem.Field,
            ["message"] = problem.Message,
        }),
        ["files"] = List(run.Suites, static suite => new JsonObject
        {
            ["file"] = suite.Suite.File,
            ["name"] = suite.Suite.Name,
            ["cases"] = List(suite.Cases, Case),
        }),
    };

    private static JsonObject Case(CaseResult one) => new()
    {
        ["name"] = one.Case.Name,
        ["line"] = one.Case.Line,
        ["passed"] = one.IsPassed,
        ["seconds"] = Math.Round(one.Duration.TotalSeconds, 6),
        ["failures"] = List(one.Failures, static failure => new JsonObject
        {
            ["request"] = failure.Number,
            ["line"] = failure.Line,
            ["turn"] = failure.Turn,
            ["turns"] = failure.Turns,
            ["asked"] = failure.Asked,
            ["differences"] = List(failure.Differences, static difference => new JsonObject
            {
                ["field"] = difference.Field,
                ["expected"] = difference.Expected,
                ["got"] = difference.Got,
            }),
            ["decided"] = new JsonObject
            {
                ["step"] = failure.Decided.Step,
                ["origin"] = failure.Decided.Origin,
                ["field"] = failure.Decided.Field,
                ["sentence"] = failure.Decided.Sentence,
            },
        }),
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> write) => new([.. items.Select(write)]);
}
