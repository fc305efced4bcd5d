namespace Decision.Runtime.Transfer;

/// <summary>What an import does with one document.</summary>
/// <param name="Action">What.</param>
/// <param name="Last">The file's newest revision of it.</param>
/// <param name="StoredRevision">The store's newest revision of it; 0 = none.</param>
/// <param name="StoredEtag">The stored document's etag; null = there is none.</param>
internal sealed record DocumentPlan(DocumentAction Action, long Last, long StoredRevision, string? StoredEtag);
