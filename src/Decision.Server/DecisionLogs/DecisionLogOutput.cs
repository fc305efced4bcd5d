namespace Decision.Server.DecisionLogs;

/// <summary>Where the decision log goes.</summary>
internal enum DecisionLogOutput
{
    /// <summary>JSON lines on standard output, between the server's own.</summary>
    Stdout,

    /// <summary>JSON lines in a file that is rotated.</summary>
    File,

    /// <summary>Log records to the receiver of telemetry.</summary>
    Otlp,
}
