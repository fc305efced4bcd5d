using System.Text;
using System.Text.RegularExpressions;

namespace Decision.Engine.Paths;

/// <summary>Makes linear-time regular expressions of patterns.</summary>
internal static class PathRegex
{
    /// <summary>Translates a pattern that is taken as written.</summary>
    public static string? OfWritten(string text, out string? problem) => new RegexTranslation(text, isTyk: false).Run(out problem);

    /// <summary>Translates a pattern in the way of Tyk, whose replacements are made in the text, whatever they hit.</summary>
    public static string? OfTyk(string text, out string? problem)
    {
        var replaced = text;
        var braces = text.Count(c => c == '{');
        if (braces > 0 && braces == text.Count(c => c == '}'))
        {
            replaced = ReplaceBraces(text);
        }

        replaced = replaced.Replace("/*/", "/[^/]+/", StringComparison.Ordinal).Replace("/*", "/.*", StringComparison.Ordinal);
        return new RegexTranslation(replaced, isTyk: true).Run(out problem);
    }

    /// <summary>Compiles a translated expression.</summary>
    public static Regex? Compile(string expression, out string? problem)
    {
        try
        {
            problem = null;
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        }
        catch (RegexParseException refused)
        {
            problem = $"The pattern is not a valid regular expression ({InWords(refused.Error)}); correct it, or escape characters that stand for themselves with '\\'.";
        }
        catch (NotSupportedException)
        {
            problem = "The pattern uses a construct that cannot be matched in linear time; write it without lookaround, backreferences, atomic groups, conditions and large repetitions.";
        }

        return null;
    }

    private static string ReplaceBraces(string text)
    {
        var replaced = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var end = text[i] == '{' ? text.IndexOf('}', i) : -1;
            if (end < 0)
            {
                replaced.Append(text[i]);
                continue;
            }

            replaced.Append("([^/]+)");
            i = end;
        }

        return replaced.ToString();
    }

    /// <summary>The name of the error in lower-case words.</summary>
    private static string InWords(RegexParseError error)
    {
        var words = new StringBuilder();
        foreach (var letter in error.ToString())
        {
            words.Append(char.IsAsciiLetterUpper(letter) && words.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
