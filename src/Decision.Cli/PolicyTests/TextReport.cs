namespace Decision.Cli.PolicyTests;

/// <summary>The outcome for people: what failed and why, and a summary.</summary>
internal static class TextReport
{
    /// <summary>Writes what happened.</summary>
    /// <param name="run">The run.</param>
    /// <param name="output">Receives outcomes.</param>
    /// <param name="errors">Receives what is wrong with files.</param>
    /// <param name="isQuiet">True = failures and the summary only.</param>
    public static void Write(PolicyTestRun run, TextWriter output, TextWriter errors, bool isQuiet)
    {
        foreach (var problem in run.Problems)
        {
            errors.WriteLine(problem);
        }

        if (run.Problems.Count > 0)
        {
            errors.WriteLine($"Nothing was run: {Count(run.Problems.Count, "problem")} in the files with tests.");
            return;
        }

        foreach (var suite in run.Suites)
        {
            if (!isQuiet)
            {
                output.WriteLine(suite.Suite.File);
            }

            foreach (var one in suite.Cases)
            {
                Write(suite, one, output, isQuiet);
            }
        }

        output.WriteLine($"{run.Passed} passed, {run.Failed} failed in {Count(run.Suites.Count, "file")}.");
    }

    private static void Write(SuiteResult suite, CaseResult one, TextWriter output, bool isQuiet)
    {
        if (one.IsPassed)
        {
            if (!isQuiet)
            {
                output.WriteLine($"  ok    {one.Case.Name}");
            }

            return;
        }

        output.WriteLine($"  FAIL  {one.Case.Name}  ({suite.Suite.File}:{one.Case.Line})");
        foreach (var failure in one.Failures)
        {
            output.WriteLine($"        {Heading(suite.Suite.File, failure)}");
            int width = failure.Differences.Max(static difference => difference.Field.Length);
            foreach (var (field, expected, got) in failure.Differences)
            {
                output.WriteLine($"          {field.PadRight(width)}  expected {expected}, got {(got.Length == 0 ? "nothing" : got)}");
            }

            output.WriteLine($"          {Sentence(failure.Decided)}");
        }
    }

    /// <summary>Where a request stands, and what it asks.</summary>
    public static string Heading(string file, RequestFailure failure) =>
        $"{file}:{failure.Line} request {failure.Number}"
        + (failure.Turns > 1 ? $", turn {failure.Turn} of {failure.Turns}" : "")
        + $": {failure.Asked}";

    /// <summary>Which step decided, by which policy and field.</summary>
    public static string Sentence(DecidingStep decided) => decided.Step == "all"
        ? decided.Sentence
        : $"Decided by step {decided.Step}"
          + (decided.Origin.Length == 0 ? "" : decided.Origin is "key" or "api" or "organization" ? $", {decided.Origin}" : $", policy {decided.Origin}")
          + (decided.Field.Length == 0 ? "" : $", field {decided.Field}")
          + $": {decided.Sentence}";

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
