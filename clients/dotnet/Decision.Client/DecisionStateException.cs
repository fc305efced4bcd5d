namespace Decision.Client;

/// <summary>An act of administration that the service refused, given the state that things are in. Nothing was changed.</summary>
public sealed class DecisionStateException : DecisionException
{
    internal DecisionStateException(DecisionStateProblem problem, string message, Exception inner)
        : base(message, inner) => Problem = problem;

    /// <summary>Why.</summary>
    public DecisionStateProblem Problem { get; }
}
