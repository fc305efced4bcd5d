namespace Decision.Runtime.Audit;

/// <summary>What became of an act. The words are stored.</summary>
public enum AuditOutcome
{
    /// <summary>It was done, and is durable.</summary>
    Done,

    /// <summary>The caller's role or scope does not allow it; nothing was changed.</summary>
    Denied,

    /// <summary>It began, and whether it was done is not known: the server ended, or lost its store, meanwhile.</summary>
    Unknown,
}
