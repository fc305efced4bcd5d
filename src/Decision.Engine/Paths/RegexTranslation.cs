using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Decision.Engine.Paths;

/// <summary>
/// Turns the regular expressions of policies into ones that match canonical paths in linear time: wildcards are replaced, characters that a canonical
/// path holds escaped are escaped, and constructs without a linear-time reading are named as problems.
/// </summary>
internal ref struct RegexTranslation
{
    private const string Segment = "[^/]+";

    private readonly ReadOnlySpan<char> _text;
    private readonly bool _isTyk;
    private readonly StringBuilder _output;
    private readonly Stack<long> _outerSizes;
    private int _at;
    private long _groupSize;
    private long _atomSize;
    private bool _isBehindSlash;

    public RegexTranslation(string text, bool isTyk)
    {
        _text = text;
        _isTyk = isTyk;
        _output = new StringBuilder(text.Length + 16);
        _outerSizes = new Stack<long>();
    }

    /// <summary>Translates the whole text; the answer is null where there is a problem.</summary>
    public string? Run(out string? problem)
    {
        problem = null;
        while (_at < _text.Length && problem is null)
        {
            problem = Step();
        }

        problem ??= _outerSizes.Count > 0 ? "The pattern has a '(' without its ')'; add it, or write '\\(' for a literal parenthesis." : null;
        return problem is null ? _output.ToString() : null;
    }

    private string? Step()
    {
        var character = _text[_at];
        var isBehindSlash = _isBehindSlash;
        _isBehindSlash = character == '/';
        switch (character)
        {
            case '\\':
                return Escape();
            case '[':
                return CharacterClass();
            case '(':
                return OpenGroup();
            case ')':
                if (!_outerSizes.TryPop(out var outer))
                {
                    return "The pattern has a ')' without its '('; remove it, or write '\\)' for a literal parenthesis.";
                }

                _atomSize = _groupSize;
                _groupSize += outer;
                return Copy(1);
            case '|' or '^' or '$':
                _atomSize = 0;
                return Copy(1);
            case '*' when isBehindSlash && !_isTyk:
                CountAtom();
                _output.Append(_at + 1 < _text.Length && _text[_at + 1] == '/' ? Segment : ".*");
                _at++;
                return null;
            case '*' or '+' or '?':
                return Copy(1);
            case '{':
                return Brace();
            case '}' when !_isTyk:
                return "The pattern has a '}' without its '{'; remove it, or write '\\}' for a literal brace.";
            case '.':
                CountAtom();
                return Copy(1);
            default:
                return Literal();
        }
    }

    private string? Copy(int characters)
    {
        _output.Append(_text.Slice(_at, characters));
        _at += characters;
        return null;
    }

    private void CountAtom()
    {
        _atomSize = 1;
        _groupSize++;
    }

    private string? Literal()
    {
        CountAtom();
        var rest = _text[_at..];
        var escaped = PathCharacters.EscapedByte(rest);
        if (escaped >= 0)
        {
            _output.Append(PathCharacters.IsUnreserved(escaped)
                ? Regex.Escape(((char)escaped).ToString())
                : string.Create(CultureInfo.InvariantCulture, $"(?:%{escaped:X2})"));
            _at += 3;
            return null;
        }

        if (PathCharacters.IsPlain(rest[0]) || rest[0] == '%')
        {
            return Copy(1);
        }

        if (Rune.DecodeFromUtf16(rest, out var rune, out var units) != System.Buffers.OperationStatus.Done)
        {
            return "The pattern contains half of a surrogate pair, which is no character; write valid Unicode.";
        }

        AppendEscaped(rune);
        _at += units;
        return null;
    }

    private readonly void AppendEscaped(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        _output.Append("(?:");
        foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
        {
            _output.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        _output.Append(')');
    }

    private string? Escape()
    {
        if (_at + 1 == _text.Length)
        {
            return "The pattern ends with a single '\\'; remove it, or put the character behind it that stands for itself.";
        }

        var escaped = _text[_at + 1];
        if (escaped is >= '1' and <= '9' or 'k')
        {
            return "The pattern uses a backreference, which cannot be matched in linear time; write the text out.";
        }

        if (escaped is 'p' or 'P')
        {
            return Category();
        }

        if (escaped is not ('\\' or '%') && !char.IsAsciiLetterOrDigit(escaped) && !PathCharacters.IsPlain(escaped))
        {
            _at++;
            return Literal();
        }

        _isBehindSlash = escaped == '/';
        if (escaped is 'b' or 'B' or 'A' or 'z' or 'Z' or 'G')
        {
            _atomSize = 0;
        }
        else
        {
            CountAtom();
        }

        return Copy(2);
    }

    /// <summary>A Unicode category, which may be written with one letter and no braces.</summary>
    private string? Category()
    {
        CountAtom();
        var rest = _text[(_at + 2)..];
        if (rest.Length > 0 && rest[0] != '{')
        {
            _output.Append('\\').Append(_text[_at + 1]).Append('{').Append(rest[0]).Append('}');
            _at += 3;
            return null;
        }

        return Copy(2 + rest.IndexOf('}') + 1);
    }

    private string? CharacterClass()
    {
        CountAtom();
        var end = _at + 1;
        end += end < _text.Length && _text[end] == '^' ? 1 : 0;
        for (var first = end; end < _text.Length && (_text[end] != ']' || end == first); end++)
        {
            if (_text[end] == '\\')
            {
                end++;
            }
            else if (_text[end] == '[' && end + 1 < _text.Length && _text[end + 1] == ':')
            {
                return "The pattern uses a POSIX class such as [:alpha:]; write the characters out, such as [A-Za-z].";
            }
            else if (_text[end] == '[' && _text[end - 1] == '-')
            {
                return "The pattern has '-[' in a character class, which is read in different ways; write '\\[' for a literal bracket.";
            }
            else if (_text[end] >= 0x80)
            {
                return "The pattern has a non-ASCII character in a character class, where it cannot be compared with escaped paths; list the characters as alternatives, such as (é|è).";
            }
        }

        return end < _text.Length
            ? Copy(end + 1 - _at)
            : "The pattern has a '[' without its ']'; add it, or write '\\[' for a literal bracket.";
    }

    private string? OpenGroup()
    {
        var rest = _text[_at..];
        var length = 1;
        if (rest.StartsWith("(?"))
        {
            if (rest.StartsWith("(?=") || rest.StartsWith("(?!") || rest.StartsWith("(?<=") || rest.StartsWith("(?<!"))
            {
                return "The pattern uses lookaround, which cannot be matched in linear time; write it without '" + rest[..(rest[2] == '<' ? 4 : 3)].ToString() + "'.";
            }

            if (rest.StartsWith("(?>"))
            {
                return "The pattern uses an atomic group, which cannot be matched in linear time; write '(?:' instead.";
            }

            if (rest.StartsWith("(?P<") || rest.StartsWith("(?<"))
            {
                // A name does not change what matches.
                var name = rest.IndexOf('>');
                if (name < 0 || rest[..name].Contains('-'))
                {
                    return "The pattern has a group whose name is not valid; write it as (?<name>...), with letters, digits and '_' in the name.";
                }

                _output.Append("(?:");
                _at += name + 1;
                _outerSizes.Push(_groupSize);
                _groupSize = 0;
                return null;
            }

            while (length + 1 < rest.Length && rest[length] is '?' or 'i' or 'm' or 's' or '-')
            {
                length++;
            }

            if (rest[length] is not (':' or ')'))
            {
                return "The pattern uses a group with '(?' that is not known here; write (?:...), (?<name>...) or the flags i, m and s, such as (?i).";
            }

            if (rest[length] == ')')
            {
                return Copy(length + 1);
            }

            length++;
        }

        _outerSizes.Push(_groupSize);
        _groupSize = 0;
        return Copy(length);
    }

    private string? Brace()
    {
        var rest = _text[_at..];
        if (Repetition.TryRead(rest, out var length, out var times))
        {
            // Size of the repeated copies beyond the first; it saturates far below overflow because every step is bounded here.
            _groupSize += _atomSize * (times - 1);
            _atomSize *= times;
            return times > Repetition.Maximum || _atomSize > Repetition.Maximum
                ? $"The pattern repeats too much (over {Repetition.Maximum} copies, counting repetitions within repetitions); lower the numbers in braces, or write '*' or '+'."
                : Copy(length);
        }

        if (_isTyk)
        {
            return Literal();
        }

        var depth = 0;
        for (var end = 0; end < rest.Length; end++)
        {
            depth += rest[end] == '{' ? 1 : rest[end] == '}' ? -1 : 0;
            if (depth == 0)
            {
                CountAtom();
                _output.Append("(?:" + Segment + ")");
                _at += end + 1;
                return null;
            }
        }

        return "The pattern has a '{' without its '}'; add it, or write '\\{' for a literal brace.";
    }
}
