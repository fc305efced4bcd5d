namespace Decision.Runtime.Administration;

/// <summary>A policy, API or organisation with what the store knows of it.</summary>
/// <param name="Value">The content.</param>
/// <param name="Etag">Random at each change; empty for one of a file.</param>
/// <param name="Revision">Counts its changes; 0 for one of a file.</param>
/// <param name="Source">Where it comes from: <c>store</c>, or the file's name.</param>
public sealed record Stored<T>(T Value, string Etag, long Revision, string Source);
