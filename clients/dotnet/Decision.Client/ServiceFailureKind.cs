namespace Decision.Client;

/// <summary>In which way the service gave no verdict.</summary>
public enum ServiceFailureKind
{
    /// <summary>No address took the call, or the connection broke.</summary>
    Unreachable = 0,

    /// <summary>The deadline passed.</summary>
    TimedOut = 1,

    /// <summary>It answered with an error.</summary>
    Error = 2,
}
