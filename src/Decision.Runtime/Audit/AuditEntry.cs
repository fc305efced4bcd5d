namespace Decision.Runtime.Audit;

/// <summary>An entry of the audit log, as it is read.</summary>
public sealed record AuditEntry
{
    /// <summary>Its number, from 1 on, without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>When it was appended, in microseconds since the Unix epoch; never before the entry before.</summary>
    public long AtUs { get; init; }

    /// <summary>When the act began.</summary>
    public long BegunAtUs { get; init; }

    /// <summary>Of this entry and the hash of the one before: 64 hexadecimal digits.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Entries of one act have the same.</summary>
    public string ActId { get; init; } = "";

    /// <summary>The credential's id.</summary>
    public string ActorId { get; init; } = "";

    /// <summary>The credential's name.</summary>
    public string ActorName { get; init; } = "";

    /// <summary>The credential's role.</summary>
    public string ActorRole { get; init; } = "";

    /// <summary>Where the call came from.</summary>
    public string Peer { get; init; } = "";

    /// <summary>How it came.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>What the client calls itself.</summary>
    public string Agent { get; init; } = "";

    /// <summary>What was done, as <c>policy.update</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>To what kind of thing.</summary>
    public string ObjectKind { get; init; } = "";

    /// <summary>To which.</summary>
    public string ObjectId { get; init; } = "";

    /// <summary>Whose it is.</summary>
    public string Organization { get; init; } = "";

    /// <summary>What became of it.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>Why it was denied, or is not known; else empty.</summary>
    public string Message { get; init; } = "";

    /// <summary>What the thing was, as JSON without secrets; empty = nothing.</summary>
    public string BeforeJson { get; init; } = "";

    /// <summary>What it became.</summary>
    public string AfterJson { get; init; } = "";
}
