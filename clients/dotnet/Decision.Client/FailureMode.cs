namespace Decision.Client;

/// <summary>What the answer is when the service gives none: it cannot be reached, is too slow, or fails.</summary>
public enum FailureMode
{
    /// <summary>Refused, with HTTP status 503. Nobody passes whom the service did not let pass.</summary>
    Closed = 0,

    /// <summary>Allowed. Whoever asks passes without any check, also without a key, for as long as the service does not answer.</summary>
    Open = 1,
}
