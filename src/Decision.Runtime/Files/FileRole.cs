namespace Decision.Runtime.Files;

/// <summary>How a file is read.</summary>
internal enum FileRole
{
    /// <summary>One object, policy id -> policy.</summary>
    Policies,

    /// <summary>A file of the folder: one policy, or an object of policies.</summary>
    FolderPolicies,

    /// <summary>The API registry.</summary>
    Apis,
}
