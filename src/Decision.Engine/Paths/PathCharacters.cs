using System.Buffers;

namespace Decision.Engine.Paths;

/// <summary>The classes of characters that the canonical form of a path is made of.</summary>
internal static class PathCharacters
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>Characters that stand for themselves. The percent sign is none of them, and neither is the semicolon.</summary>
    public static readonly SearchValues<char> Plain = SearchValues.Create(Unreserved + "!$&'()*+,=:@/");

    private static readonly SearchValues<char> UnreservedSet = SearchValues.Create(Unreserved);

    public static bool IsPlain(char value) => Plain.Contains(value);

    public static bool IsUnreserved(int value) => value < 0x80 && UnreservedSet.Contains((char)value);

    public static bool IsControl(int value) => value is < 0x20 or 0x7F;

    /// <summary>The byte that an escape at the start of <paramref name="text"/> stands for, or -1 where there is no whole escape.</summary>
    public static int EscapedByte(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[0] != '%' || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            return -1;
        }

        return (HexValue(text[1]) << 4) | HexValue(text[2]);
    }

    public static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    public static char HexDigit(int value) => "0123456789ABCDEF"[value & 0xF];
}
