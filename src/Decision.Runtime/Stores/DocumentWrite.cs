namespace Decision.Runtime.Stores;

/// <summary>One of several changes that are made together.</summary>
/// <param name="Kind">What the document is; of a kind that keeps revisions.</param>
/// <param name="Id">Its id.</param>
/// <param name="ExpectedEtag">The etag that the stored one must have; null = there must be none, "" = whatever is there.</param>
/// <param name="Etag">Its etag from now on; without meaning where it is removed.</param>
/// <param name="Json">The content, UTF-8; empty = it is removed, and must be there.</param>
/// <param name="Change">What the revision calls the change: <c>create</c>, <c>update</c>, <c>rollback</c> or <c>delete</c>.</param>
public sealed record DocumentWrite(
    DocumentKind Kind, string Id, string? ExpectedEtag, string Etag, ReadOnlyMemory<byte> Json, string Change)
{
    /// <summary>Whether the document is removed.</summary>
    public bool IsRemoval => Json.IsEmpty;

    /// <summary>For stores: refuses a list that no store can write as one.</summary>
    /// <exception cref="ArgumentException">A document is in it twice, or is of a kind without revisions.</exception>
    public static void Check(IReadOnlyList<DocumentWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var seen = new HashSet<(DocumentKind, string)>();
        foreach (var write in writes)
        {
            if (!write.Kind.KeepsRevisions() || !seen.Add((write.Kind, write.Id)))
            {
                throw new ArgumentException($"{write.Kind} {write.Id} is there twice, or is of a kind without revisions.", nameof(writes));
            }
        }
    }
}
