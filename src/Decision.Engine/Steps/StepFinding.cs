namespace Decision.Engine.Steps;

/// <summary>What one step found, for explain.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason"><see cref="Reason.Allowed"/> = passed; <see cref="Reason.Unspecified"/> = not looked at.</param>
/// <param name="Sentence">What was compared with what.</param>
public sealed record StepFinding(StepKind Step, Reason Reason, string Sentence);
