using System.Buffers;
using System.Text;

namespace Decision.Engine.Paths;

/// <summary>Writes the canonical spelling of every character of a path; segments are not looked at here.</summary>
internal static class PathRewriter
{
    private const string ControlCharacter = "The path contains a control character, raw or escaped; remove it.";
    private const string Semicolon = "The path contains ';' or '%3B' (path parameters), which servers read in different ways; remove it.";
    private const string Backslash = "The path contains a backslash, raw or as '%5C', which some servers read as '/'; remove it.";
    private const string EscapedSlash = "The path contains '%2F', which some servers read as '/'; send a plain '/' or another character.";
    private const string BadEscape = "The path contains '%' without two hexadecimal digits behind it; write a literal percent sign as %25.";
    private const string BadUtf8 = "The path contains escapes that are not valid UTF-8; escape the UTF-8 bytes of the character.";
    private const string LoneSurrogate = "The path contains half of a surrogate pair, which is no character; send valid Unicode.";
    private const string EncodedTwice =
        "The path contains a dot, slash, backslash, semicolon or control character that is encoded more than once (such as '%252e'); encode it once at most.";

    /// <summary>The most characters that the rewritten path can have: an escape is three, and a UTF-16 unit becomes three bytes at most.</summary>
    public static int Capacity(ReadOnlySpan<char> source)
    {
        long capacity = source.Length;
        for (var rest = source; ;)
        {
            var next = rest.IndexOfAnyExcept(PathCharacters.Plain);
            if (next < 0)
            {
                return (int)Math.Min(capacity, Array.MaxLength);
            }

            if (rest[next] != '%')
            {
                capacity += rest[next] < 0x80 ? 2 : 8;
            }

            rest = rest[(next + 1)..];
        }
    }

    /// <summary>Rewrites <paramref name="source"/> into <paramref name="target"/>; answers the problem, or null.</summary>
    public static string? Encode(ReadOnlySpan<char> source, Span<char> target, out int length)
    {
        length = 0;
        var escapedPercent = false;
        Span<byte> utf8 = stackalloc byte[4];
        while (!source.IsEmpty)
        {
            var run = source.IndexOfAnyExcept(PathCharacters.Plain);
            run = run < 0 ? source.Length : run;
            source[..run].CopyTo(target[length..]);
            length += run;
            source = source[run..];
            if (source.IsEmpty)
            {
                break;
            }

            var first = source[0];
            if (first == '%')
            {
                var problem = DecodeEscape(source, utf8, out var bytes);
                if (problem is not null)
                {
                    return problem;
                }

                source = source[(3 * bytes)..];
                if (bytes == 1 && PathCharacters.IsUnreserved(utf8[0]))
                {
                    target[length++] = (char)utf8[0];
                    continue;
                }

                escapedPercent |= utf8[0] == '%';
                Write(utf8[..bytes], target, ref length);
                continue;
            }

            if (first < 0x80 && ProblemOf(first) is { } refused)
            {
                return refused;
            }

            if (Rune.DecodeFromUtf16(source, out var rune, out var units) != OperationStatus.Done)
            {
                return LoneSurrogate;
            }

            source = source[units..];
            Write(utf8[..rune.EncodeToUtf8(utf8)], target, ref length);
        }

        return escapedPercent && HidesEncoding(target[..length]) ? EncodedTwice : null;
    }

    private static string? DecodeEscape(ReadOnlySpan<char> source, Span<byte> utf8, out int bytes)
    {
        bytes = 1;
        var value = PathCharacters.EscapedByte(source);
        if (value < 0)
        {
            return BadEscape;
        }

        utf8[0] = (byte)value;
        if (value < 0x80)
        {
            return ProblemOf(value);
        }

        while (bytes < 4 && PathCharacters.EscapedByte(source[(3 * bytes)..]) is >= 0x80 and <= 0xBF and var next)
        {
            utf8[bytes++] = (byte)next;
        }

        return Rune.DecodeFromUtf8(utf8[..bytes], out _, out bytes) == OperationStatus.Done ? null : BadUtf8;
    }

    private static string? ProblemOf(int value) => value switch
    {
        '/' => EscapedSlash,
        '\\' => Backslash,
        ';' => Semicolon,
        _ => PathCharacters.IsControl(value) ? ControlCharacter : null,
    };

    private static void Write(ReadOnlySpan<byte> bytes, Span<char> target, ref int length)
    {
        foreach (var value in bytes)
        {
            target[length++] = '%';
            target[length++] = PathCharacters.HexDigit(value >> 4);
            target[length++] = PathCharacters.HexDigit(value);
        }
    }

    /// <summary>
    /// Whether decoding again and again would bring up a character that decides about segments. All layers are taken off in one walk from the end:
    /// no escape overlaps another, so the order of decoding does not change the outcome.
    /// </summary>
    private static bool HidesEncoding(ReadOnlySpan<char> path)
    {
        var rented = ArrayPool<char>.Shared.Rent(path.Length);
        try
        {
            var bottom = rented.AsSpan(0, path.Length);
            var top = bottom.Length;
            for (var i = path.Length - 1; i >= 0; i--)
            {
                bottom[--top] = path[i];
                for (int value; (value = PathCharacters.EscapedByte(bottom[top..])) >= 0;)
                {
                    if (value == '.' || ProblemOf(value) is not null)
                    {
                        return true;
                    }

                    top += 2;
                    bottom[top] = (char)value;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
