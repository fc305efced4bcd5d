namespace Decision.Cli.Keys.Bulk;

/// <summary>What became of one key.</summary>
/// <param name="Name">Its id, or the place in the list of what has none; never a key's text.</param>
/// <param name="Kind">What.</param>
/// <param name="Problem">Why not; empty where nothing failed.</param>
internal sealed record BulkOutcome(string Name, BulkOutcomeKind Kind, string Problem = "")
{
    /// <summary>Whether the service itself failed, and not only refused this key.</summary>
    public bool IsServiceFailure { get; init; }
}

/// <summary>What became of a key.</summary>
internal enum BulkOutcomeKind
{
    /// <summary>It was changed; in a dry run, it would be.</summary>
    Changed,

    /// <summary>It was as it shall be.</summary>
    Unchanged,

    /// <summary>No key has this id or text.</summary>
    NotFound,

    /// <summary>It was refused, or the service failed.</summary>
    Failed,

    /// <summary>It was not tried any more, because the service fails.</summary>
    NotTried,
}
