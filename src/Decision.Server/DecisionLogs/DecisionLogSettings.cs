using Decision.Runtime.Observation.Notes;

namespace Decision.Server.DecisionLogs;

/// <summary>The decision log: what is in it, and where it goes.</summary>
internal sealed record DecisionLogSettings
{
    /// <summary>There is none.</summary>
    public static DecisionLogSettings None { get; } = new();

    public NoteMode Mode { get; init; }

    /// <summary>Of how many admissions a sampled log has one.</summary>
    public int OneIn { get; init; } = 100;

    public DecisionLogOutput Output { get; init; }

    /// <summary>Full path; empty = none.</summary>
    public string File { get; init; } = "";

    /// <summary>Bytes from which on a file is rotated.</summary>
    public long MaxFileBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Rotated files that are kept beside the one that is written.</summary>
    public int Files { get; init; } = 10;

    /// <summary>Decisions that wait to be written at most.</summary>
    public int Queue { get; init; } = 10_000;
}
