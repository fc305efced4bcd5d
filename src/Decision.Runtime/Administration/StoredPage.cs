namespace Decision.Runtime.Administration;

/// <summary>A page of a list.</summary>
/// <param name="Items">The entries, in the order of their ids.</param>
/// <param name="NextPageToken">Hand it back for the next page; empty = this was the last.</param>
/// <param name="TotalSize">How many there are in all.</param>
public sealed record StoredPage<T>(IReadOnlyList<T> Items, string NextPageToken, long TotalSize);
