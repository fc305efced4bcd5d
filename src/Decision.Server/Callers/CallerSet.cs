using System.Collections.Frozen;

namespace Decision.Server.Callers;

/// <summary>The callers of one reading of the file.</summary>
/// <param name="ByToken">By the hash of a token.</param>
/// <param name="ByCertificateName">By a name in a client certificate, in lower case.</param>
/// <param name="Count">How many callers there are.</param>
internal sealed record CallerSet(FrozenDictionary<TokenHash, Caller> ByToken, FrozenDictionary<string, Caller> ByCertificateName, int Count);
