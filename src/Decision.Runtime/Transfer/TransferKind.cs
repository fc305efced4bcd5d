namespace Decision.Runtime.Transfer;

/// <summary>
/// What an export holds, in the order in which it is written and imported: usage before keys, so that a key that an interrupted import has
/// written never lacks what was used of it.
/// </summary>
public enum TransferKind
{
    /// <summary>Entries of the API registry, with their revisions.</summary>
    Api = 0,

    /// <summary>Policies, with their revisions.</summary>
    Policy = 1,

    /// <summary>Organisations, with their revisions.</summary>
    Organization = 2,

    /// <summary>Counters: rates and quotas.</summary>
    Usage = 3,

    /// <summary>Keys.</summary>
    Key = 4,
}
