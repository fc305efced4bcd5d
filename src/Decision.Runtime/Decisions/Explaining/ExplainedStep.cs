using Decision.Engine;

namespace Decision.Runtime.Decisions.Explaining;

/// <summary>One step of a decision, as it is told.</summary>
/// <param name="Name">The step, such as <c>policies</c> or <c>organization_limits</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">The reason it refuses with; <see cref="Reason.Unspecified"/> = it does not refuse.</param>
/// <param name="Finding">What was found, as a sentence; never empty, never a secret.</param>
public sealed record ExplainedStep(string Name, StepOutcome Outcome, Reason Reason, string Finding);
