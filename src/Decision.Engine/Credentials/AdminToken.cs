namespace Decision.Engine.Credentials;

/// <summary>
/// The admin credentials that this service makes: <c>dka_&lt;id&gt;_&lt;secret&gt;&lt;checksum&gt;</c>, 54 characters of <c>[A-Za-z0-9_]</c>; as
/// <see cref="KeyToken"/>, with another beginning, so that a scanner for lost secrets tells them from keys.
/// </summary>
public static class AdminToken
{
    /// <summary>What every admin credential made here begins with.</summary>
    public const string Prefix = "dka_";

    /// <summary>Random bytes that <see cref="Create"/> uses: 160 bits.</summary>
    public const int SecretRandomLength = TokenText.SecretRandomLength;

    /// <summary>Characters of a whole token.</summary>
    public const int Length = IdStart + KeyToken.IdLength + TokenText.LengthBehindId;

    private const int IdStart = 4;

    /// <summary>A new token: shown once, stored only as a hash.</summary>
    /// <param name="id">An id made by <see cref="KeyToken.CreateId"/>.</param>
    /// <param name="random">At least <see cref="SecretRandomLength"/> bytes of a cryptographic random source; bytes beyond that are not used.</param>
    /// <exception cref="ArgumentException">The id has another shape, or there are too few bytes.</exception>
    public static string Create(ReadOnlySpan<char> id, ReadOnlySpan<byte> random)
    {
        if (!KeyToken.IsId(id))
        {
            throw new ArgumentException($"The id must be {KeyToken.IdLength} characters of [A-Za-z0-9].", nameof(id));
        }

        if (random.Length < SecretRandomLength)
        {
            throw new ArgumentException($"A credential needs {SecretRandomLength} random bytes, {random.Length} were given.", nameof(random));
        }

        return TokenText.Create(Prefix, id, random);
    }

    /// <summary>Whether the text claims to be one that was made here.</summary>
    public static bool LooksLike(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads the id. False where length, alphabet or checksum are wrong: such a token was never issued.</summary>
    public static bool TryReadId(ReadOnlySpan<char> token, out string id)
    {
        id = "";
        if (token.Length != Length
            || !LooksLike(token)
            || token[IdStart + KeyToken.IdLength] != '_'
            || !Base62.IsText(token.Slice(IdStart, KeyToken.IdLength))
            || !TokenText.HasChecksum(token))
        {
            return false;
        }

        id = new string(token.Slice(IdStart, KeyToken.IdLength));
        return true;
    }
}
