namespace Decision.Client;

/// <summary>A policy as it was applied.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Revision">1 when it was created, one more with each change; 0 = it comes from a file.</param>
public sealed record PolicyReference(string Id, long Revision);
