using System.Buffers;
using System.Buffers.Text;

namespace Decision.Engine.Signatures;

/// <summary>The signature as clients send it: base64, URL-escaped or not.</summary>
internal static class SignatureText
{
    /// <summary>
    /// Decodes percent-escapes (hexadecimal digits in either case), then base64. A plus sign is a plus sign, not a space. Only the one
    /// canonical base64 text of the bytes is read, with its padding, so that no two texts are the same signature but for their escapes.
    /// </summary>
    public static bool TryDecode(string text, Span<byte> into, out int length)
    {
        length = 0;
        Span<char> plain = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        if (!TryUnescape(text, plain, out int count))
        {
            return false;
        }

        plain = plain[..count];
        // Longer than any signature: not decoded, as it cannot be equal.
        if (count > Base64.GetMaxEncodedToUtf8Length(into.Length) || !Convert.TryFromBase64Chars(plain, into, out length))
        {
            return false;
        }

        Span<char> again = stackalloc char[Base64.GetMaxEncodedToUtf8Length(SignatureAlgorithm.MaximumLength)];
        return Convert.TryToBase64Chars(into[..length], again, out int written) && plain.SequenceEqual(again[..written]);
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, Span<char> into, out int count)
    {
        count = 0;
        Span<byte> one = stackalloc byte[1];
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || Convert.FromHexString(text.Slice(i + 1, 2), one, out _, out _) != OperationStatus.Done)
                {
                    return false;
                }

                c = (char)one[0];
                i += 2;
            }

            into[count++] = c;
        }

        return true;
    }
}
