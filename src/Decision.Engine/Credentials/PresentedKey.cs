using System.Text;
using Decision.Engine.Signatures;

namespace Decision.Engine.Credentials;

/// <summary>From what the client sent to the key's text.</summary>
public static class PresentedKey
{
    /// <summary>Characters, <c>Bearer </c> not counted, above which a text is never equal to any key, nor read as a signature.</summary>
    public const int MaximumLength = 8192;

    internal const string BearerPrefix = "Bearer ";

    /// <summary>
    /// Removes one leading <c>Bearer </c> (seven characters, letters in any case). Nothing else is removed or trimmed: <c>Bearer: abc</c> and
    /// <c>Basic abc</c> stay as they are.
    /// </summary>
    public static ReadOnlySpan<char> WithoutBearer(ReadOnlySpan<char> presented) =>
        HasBearer(presented) ? presented[BearerPrefix.Length..] : presented;

    /// <summary>Tells what was sent, and the key's text in it.</summary>
    /// <param name="presented">The header, parameter, cookie or field as it came.</param>
    /// <param name="key">
    /// For <see cref="PresentedKeyForm.Key"/> the key, a part of <paramref name="presented"/>; for <see cref="PresentedKeyForm.Signature"/> its
    /// <c>keyId</c>, empty where the header is malformed (then <see cref="HttpSignature.TryParse"/> says why); else empty.
    /// </param>
    public static PresentedKeyForm Read(ReadOnlySpan<char> presented, out ReadOnlySpan<char> key)
    {
        bool bearer = HasBearer(presented);
        ReadOnlySpan<char> text = bearer ? presented[BearerPrefix.Length..] : presented;
        key = default;
        if (text.IsEmpty)
        {
            return PresentedKeyForm.None;
        }

        if (text.Length > MaximumLength)
        {
            return PresentedKeyForm.TooLong;
        }

        if (!bearer && HttpSignature.HasScheme(text))
        {
            if (HttpSignature.TryParse(text.ToString(), out SignatureParameters parameters, out _))
            {
                key = parameters.KeyId;
            }

            return PresentedKeyForm.Signature;
        }

        key = text;
        return PresentedKeyForm.Key;
    }

    private static bool HasBearer(ReadOnlySpan<char> text) =>
        text.Length >= BearerPrefix.Length && Ascii.EqualsIgnoreCase(text[..BearerPrefix.Length], BearerPrefix);
}
