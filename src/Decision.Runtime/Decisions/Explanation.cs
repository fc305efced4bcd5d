using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Steps;

namespace Decision.Runtime.Decisions;

/// <summary>A verdict with what every step found. The verdict carries the counters also where an earlier step denies.</summary>
public sealed record Explanation(Verdict Verdict, ImmutableArray<StepFinding> Findings);
