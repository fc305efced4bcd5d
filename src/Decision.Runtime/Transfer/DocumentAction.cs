namespace Decision.Runtime.Transfer;

/// <summary>What an import does with one document.</summary>
internal enum DocumentAction
{
    /// <summary>Nothing: the store's content is the file's.</summary>
    Leave,

    /// <summary>Append the revisions that the store does not have yet: it has none, or the first ones.</summary>
    Append,

    /// <summary>Write the file's content as a new revision over the store's.</summary>
    Replace,
}
