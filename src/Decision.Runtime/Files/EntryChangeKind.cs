namespace Decision.Runtime.Files;

/// <summary>What became of a policy or an API.</summary>
internal enum EntryChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>Its fields or its file are others, or it is switched on or off.</summary>
    Changed,

    /// <summary>It is no longer there.</summary>
    Removed,
}
