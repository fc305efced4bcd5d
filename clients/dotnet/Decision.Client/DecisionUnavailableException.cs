namespace Decision.Client;

/// <summary>
/// An act of administration that the service gave no answer to. Where <see cref="ServiceFailure.MayHaveSpent"/> of <see cref="Failure"/> is true, nobody
/// knows whether it was done: read before you try again.
/// </summary>
public sealed class DecisionUnavailableException : DecisionException
{
    internal DecisionUnavailableException(ServiceFailure failure)
        : base($"The Decision service gave no answer ({failure.Detail}){(failure.MayHaveSpent ? "; whether it did what was asked is not known" : "")}.", null) =>
        Failure = failure;

    /// <summary>What went wrong.</summary>
    public ServiceFailure Failure { get; }
}
