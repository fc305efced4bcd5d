namespace Decision.Engine.Credentials;

/// <summary>
/// The keys that this service makes: <c>dk_&lt;key id&gt;_&lt;secret&gt;&lt;checksum&gt;</c>, 53 characters of <c>[A-Za-z0-9_]</c>.
/// The id can be read without a store, and the checksum tells a mistyped or invented key from one that was issued.
/// The checksum is not a secret and proves nothing: only the stored hash of the whole token admits.
/// </summary>
public static class KeyToken
{
    /// <summary>What every key made here begins with.</summary>
    public const string Prefix = "dk_";

    /// <summary>Characters of a key id: base62 of 95 random bits.</summary>
    public const int IdLength = 16;

    /// <summary>Random bytes that <see cref="CreateId"/> uses.</summary>
    public const int IdRandomLength = 12;

    /// <summary>Random bytes that <see cref="Create"/> uses: 160 bits.</summary>
    public const int SecretRandomLength = TokenText.SecretRandomLength;

    /// <summary>Characters of a whole token.</summary>
    public const int Length = IdStart + IdLength + TokenText.LengthBehindId;

    private const int IdStart = 3;

    /// <summary>A new key id of <see cref="IdLength"/> base62 characters.</summary>
    /// <param name="random">At least <see cref="IdRandomLength"/> bytes of a cryptographic random source; bytes beyond that are not used.</param>
    /// <exception cref="ArgumentException">Too few bytes.</exception>
    public static string CreateId(ReadOnlySpan<byte> random)
    {
        if (random.Length < IdRandomLength)
        {
            throw new ArgumentException($"A key id needs {IdRandomLength} random bytes, {random.Length} were given.", nameof(random));
        }

        Span<byte> number = stackalloc byte[IdRandomLength];
        random[..IdRandomLength].CopyTo(number);
        // 62^16 lies between 2^95 and 2^96: with 95 bits every number has its own text and all are equally likely.
        number[0] &= 0x7F;
        Span<char> text = stackalloc char[IdLength];
        Base62.Write(number, text);
        return new string(text);
    }

    /// <summary>A new token for a key: shown once, stored only as a hash.</summary>
    /// <param name="keyId">An id made by <see cref="CreateId"/>.</param>
    /// <param name="random">At least <see cref="SecretRandomLength"/> bytes of a cryptographic random source; bytes beyond that are not used.</param>
    /// <exception cref="ArgumentException">The id has another shape, or there are too few bytes.</exception>
    public static string Create(ReadOnlySpan<char> keyId, ReadOnlySpan<byte> random)
    {
        if (!IsId(keyId))
        {
            throw new ArgumentException($"The key id must be {IdLength} characters of [A-Za-z0-9].", nameof(keyId));
        }

        if (random.Length < SecretRandomLength)
        {
            throw new ArgumentException($"A key needs {SecretRandomLength} random bytes, {random.Length} were given.", nameof(random));
        }

        return TokenText.Create(Prefix, keyId, random);
    }

    /// <summary>Whether the text has the shape of an id made by <see cref="CreateId"/>.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => text.Length == IdLength && Base62.IsText(text);

    /// <summary>Whether the text claims to be a key made here: it begins with <c>dk_</c>, in exactly these letters.</summary>
    public static bool LooksLike(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Reads the key id of a token, a part of <paramref name="token"/> itself. False where length, alphabet or checksum are wrong: such a key
    /// was never issued, and is unknown without asking a store. Never allocates.
    /// </summary>
    public static bool TryReadId(ReadOnlySpan<char> token, out ReadOnlySpan<char> keyId)
    {
        if (TryReadIdUnchecked(token, out keyId) && TokenText.HasChecksum(token))
        {
            return true;
        }

        keyId = default;
        return false;
    }

    /// <summary>
    /// As <see cref="TryReadId"/>, but without the checksum. For one whose key is at hand: comparing the hash of the whole token finds
    /// every wrong character too.
    /// </summary>
    public static bool TryReadIdUnchecked(ReadOnlySpan<char> token, out ReadOnlySpan<char> keyId)
    {
        keyId = default;
        if (token.Length != Length || !LooksLike(token) || token[IdStart + IdLength] != '_' || !Base62.IsText(token.Slice(IdStart, IdLength)))
        {
            return false;
        }

        keyId = token.Slice(IdStart, IdLength);
        return true;
    }
}
