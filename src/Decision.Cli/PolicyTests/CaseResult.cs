namespace Decision.Cli.PolicyTests;

/// <summary>What became of one file.</summary>
/// <param name="Suite">The file.</param>
/// <param name="Cases">What became of its cases, those that a filter left.</param>
internal sealed record SuiteResult(PolicyTestSuite Suite, IReadOnlyList<CaseResult> Cases);

/// <summary>What became of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Failures">The requests whose verdicts differ; empty = it passed.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record CaseResult(PolicyTestCase Case, IReadOnlyList<RequestFailure> Failures, TimeSpan Duration)
{
    /// <summary>True = every verdict was as expected.</summary>
    public bool IsPassed => Failures.Count == 0;
}

/// <summary>A request whose verdict is not the expected one.</summary>
/// <param name="Number">Which step of the case, from 1.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="Turn">Which of its repetitions, from 1.</param>
/// <param name="Turns">How many repetitions it has.</param>
/// <param name="Asked">The request in a line.</param>
/// <param name="Differences">What differs.</param>
/// <param name="Decided">What decided, and where it was written.</param>
internal sealed record RequestFailure(
    int Number, int Line, int Turn, int Turns, string Asked, IReadOnlyList<Difference> Differences, DecidingStep Decided);

/// <summary>A field of a verdict that is not as expected.</summary>
internal sealed record Difference(string Field, string Expected, string Got);

/// <summary>The step that decided.</summary>
/// <param name="Step">Its name: <c>path</c>, <c>rate</c>, <c>quota</c>; <c>all</c> = every step passed.</param>
/// <param name="Origin">Which policy wrote what decided, or <c>key</c>, <c>api</c>, <c>organization</c>; empty = none.</param>
/// <param name="Field">The field there; empty = not one alone.</param>
/// <param name="Sentence">What was compared with what.</param>
internal sealed record DecidingStep(string Step, string Origin, string Field, string Sentence);
