namespace Decision.Engine.Credentials;

/// <summary>How a key's stored hash was made. The numbers are stored: never change or reuse one.</summary>
public enum KeyHashScheme : byte
{
    /// <summary>SHA-256 of the UTF-8 text; for tokens made here, which carry 160 random bits.</summary>
    Sha256 = 1,

    /// <summary>HMAC-SHA-256 with <c>Secrets:Key</c>; for custom and imported keys, which might be guessed from a bare hash.</summary>
    HmacSha256 = 2,
}
