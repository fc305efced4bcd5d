namespace Decision.Engine.Credentials;

/// <summary>Fixed-length base62 text of big-endian numbers: digits, then upper-case, then lower-case letters.</summary>
internal static class Base62
{
    public const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private const uint Radix = 62;

    /// <summary>
    /// Writes <paramref name="number"/> (overwritten: it is divided in place) so that it fills <paramref name="into"/>, with leading zeros.
    /// The whole number is one big integer, so every bit of it counts alike and no character is biased by a remainder.
    /// </summary>
    /// <exception cref="ArgumentException">The text is too short for the number.</exception>
    public static void Write(Span<byte> number, Span<char> into)
    {
        for (int i = into.Length - 1; i >= 0; i--)
        {
            into[i] = Alphabet[(int)DivideByRadix(number)];
        }

        if (number.ContainsAnyExcept((byte)0))
        {
            throw new ArgumentException($"The number does not fit into {into.Length} base62 characters.", nameof(into));
        }
    }

    public static void Write(ulong number, Span<char> into)
    {
        for (int i = into.Length - 1; i >= 0; i--)
        {
            (number, ulong digit) = Math.DivRem(number, Radix);
            into[i] = Alphabet[(int)digit];
        }

        if (number != 0)
        {
            throw new ArgumentException($"The number does not fit into {into.Length} base62 characters.", nameof(into));
        }
    }

    /// <summary>The number that at most ten characters (below 2^60) stand for; false where one of them is not base62.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out ulong number)
    {
        number = 0;
        if (text.Length is 0 or > 10)
        {
            return false;
        }

        foreach (char c in text)
        {
            int digit = c switch
            {
                >= '0' and <= '9' => c - '0',
                >= 'A' and <= 'Z' => c - 'A' + 10,
                >= 'a' and <= 'z' => c - 'a' + 36,
                _ => -1,
            };
            if (digit < 0)
            {
                number = 0;
                return false;
            }

            number = (number * Radix) + (uint)digit;
        }

        return true;
    }

    public static bool IsText(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static uint DivideByRadix(Span<byte> number)
    {
        uint remainder = 0;
        for (int i = 0; i < number.Length; i++)
        {
            uint part = (remainder << 8) | number[i];
            number[i] = (byte)(part / Radix);
            remainder = part % Radix;
        }

        return remainder;
    }
}
