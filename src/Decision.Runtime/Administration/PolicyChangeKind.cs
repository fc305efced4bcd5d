namespace Decision.Runtime.Administration;

/// <summary>What becomes of a policy.</summary>
public enum PolicyChangeKind
{
    /// <summary>It is as it is wanted.</summary>
    Unchanged,

    /// <summary>There is none yet.</summary>
    Created,

    /// <summary>Some of its fields differ.</summary>
    Updated,

    /// <summary>It is not wanted.</summary>
    Deleted,
}
