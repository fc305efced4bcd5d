namespace Decision.Client;

/// <summary>Why the service gave no verdict.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Detail">The same for people and logs; not for the client.</param>
/// <param name="MayHaveSpent">False = the request certainly never reached a decision. True = nobody knows: the service may have counted it.</param>
public sealed record ServiceFailure(ServiceFailureKind Kind, string Detail, bool MayHaveSpent);
