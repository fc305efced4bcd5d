using Decision.Engine.Credentials;

namespace Decision.Runtime.Keys;

/// <summary>A token that was compared with a hash of its key and found right.</summary>
/// <param name="Hash">The hash; it may end.</param>
/// <param name="Fingerprint">Of the token.</param>
internal sealed record KnownToken(KeyHash Hash, UInt128 Fingerprint);
