using System.Text;

namespace Decision.Engine.Paths;

/// <summary>
/// The literal text that a regular expression begins with: a path without it cannot match, and that is told in a few nanoseconds where the
/// expression itself takes some dozens.
/// </summary>
/// <param name="Text">The text; empty = the expression begins with something else, or has alternatives at the top.</param>
/// <param name="IsAnchored">True = a matching path begins with the text. False = it has the text somewhere.</param>
internal readonly record struct RegexLiteral(string Text, bool IsAnchored)
{
    /// <summary>The whole first segment of every matching path; null where it is left open.</summary>
    public string? FirstSegment =>
        IsAnchored && Text.StartsWith('/') && Text.IndexOf('/', 1) is > 1 and var end ? Text[1..end] : null;

    /// <summary>Whether a path may match.</summary>
    public bool MayMatch(ReadOnlySpan<char> path) =>
        Text.Length == 0 || (IsAnchored ? path.StartsWith(Text, StringComparison.Ordinal) : path.Contains(Text, StringComparison.Ordinal));

    /// <summary>Reads a translated expression. In doubt the text is shorter or empty.</summary>
    public static RegexLiteral Of(string expression)
    {
        if (HasAlternativesAtTop(expression))
        {
            return new RegexLiteral("", IsAnchored: false);
        }

        bool isAnchored = expression.StartsWith('^');
        int at = isAnchored ? 1 : 0;
        var text = new StringBuilder();
        while (at < expression.Length)
        {
            bool isEscaped = expression[at] == '\\' && at + 1 < expression.Length;
            char character = expression[isEscaped ? at + 1 : at];

            // An escaped letter or digit is a class, an anchor or a code; any other escaped character stands for itself.
            bool isLiteral = isEscaped ? char.IsAscii(character) && !char.IsLetterOrDigit(character) : IsLiteral(character);
            if (!isLiteral)
            {
                break;
            }

            text.Append(character);
            at += isEscaped ? 2 : 1;
        }

        // What a quantifier stands behind may be there not at all.
        if (at < expression.Length && text.Length > 0 && expression[at] is '*' or '?' or '{')
        {
            text.Length--;
        }

        return new RegexLiteral(text.ToString(), isAnchored);
    }

    private static bool IsLiteral(char character) => char.IsAsciiLetterOrDigit(character) || character is '/' or '-' or '_' or '~' or '%' or ':' or '@' or '!' or '&' or '\'' or ',' or ';' or '=';

    private static bool HasAlternativesAtTop(string expression)
    {
        int depth = 0;
        for (int at = 0; at < expression.Length; at++)
        {
            switch (expression[at])
            {
                case '\\':
                    at++;
                    break;
                case '[':
                    at = EndOfClass(expression, at);
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case '|' when depth == 0:
                    return true;
            }
        }

        return false;
    }

    // A ']' that comes first in a class is one of its characters.
    private static int EndOfClass(string expression, int start)
    {
        int at = start + 1;
        at += at < expression.Length && expression[at] == '^' ? 1 : 0;
        for (int first = at; at < expression.Length && (expression[at] != ']' || at == first); at++)
        {
            at += expression[at] == '\\' ? 1 : 0;
        }

        return at;
    }
}
