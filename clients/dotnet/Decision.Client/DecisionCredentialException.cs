namespace Decision.Client;

/// <summary>
/// The service does not let this client ask: its token is missing, wrong, or does not cover the request. A matter of
/// <see cref="DecisionClientOptions.Token"/> and of the service's configuration; no fault of whoever made the request. Nothing was spent.
/// </summary>
public sealed class DecisionCredentialException : DecisionException
{
    internal DecisionCredentialException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
