using Decision.Cli.Sources;

namespace Decision.Cli.PolicyTests;

/// <summary>Runs all tests of some files and folders.</summary>
/// <param name="Suites">What became of each file.</param>
/// <param name="Problems">What is wrong with the files; where there is any, nothing was run.</param>
internal sealed record PolicyTestRun(IReadOnlyList<SuiteResult> Suites, IReadOnlyList<SourceProblem> Problems)
{
    /// <summary>Cases that were as expected.</summary>
    public int Passed => Suites.Sum(static suite => suite.Cases.Count(static one => one.IsPassed));

    /// <summary>Cases that were not.</summary>
    public int Failed => Suites.Sum(static suite => suite.Cases.Count(static one => !one.IsPassed));

    /// <summary>The exit code: 0 all passed, 1 some failed, 2 the files are wrong.</summary>
    public int ExitCode => Problems.Count > 0 ? 2 : Failed > 0 ? 1 : 0;

    /// <summary>Reads every file, then runs the cases.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="filter">Only cases in whose file's name or own name this is found, in any case; empty = all.</param>
    /// <param name="time">Tells how long they took.</param>
    public static PolicyTestRun Run(IReadOnlyList<string> paths, string filter, TimeProvider time)
    {
        var problems = new List<SourceProblem>();
        var suites = new List<PolicyTestSuite>();
        foreach (string file in CaseFiles.Find(paths, problems))
        {
            var found = new SourceProblems(file);
            if (SuiteReader.Read(file, found) is { } suite)
            {
                suites.Add(suite);
            }

            problems.AddRange(found.All);
        }

        if (problems.Count > 0)
        {
            return new PolicyTestRun([], problems);
        }

        var chosen = suites
            .Select(suite => (Suite: suite, Cases: suite.Cases.Where(one => IsChosen(suite, one, filter)).ToList()))
            .Where(static one => one.Cases.Count > 0)
            .ToList();
        return chosen.Count == 0
            ? new PolicyTestRun([], [new SourceProblem("--filter", 0, 0, "", $"\"{filter}\" is in no name of a case: {suites.Sum(suite => suite.Cases.Count)} were left out.")])
            : new PolicyTestRun([.. chosen.Select(one => new SuiteResult(one.Suite, [.. one.Cases.Select(test => CaseRun.Run(test, time))]))], []);
    }

    private static bool IsChosen(PolicyTestSuite suite, PolicyTestCase one, string filter) =>
        filter.Length == 0 || $"{suite.File}: {one.Name}".Contains(filter, StringComparison.OrdinalIgnoreCase);
}
