namespace Decision.Client.Memory;

/// <summary>A keyed hash of everything in a request that can change its verdict. The request, and its key, cannot be told from it.</summary>
internal readonly record struct RequestFingerprint(ulong First, ulong Second, ulong Third, ulong Fourth);
