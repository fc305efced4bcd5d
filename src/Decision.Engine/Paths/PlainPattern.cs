using System.Text;
using System.Text.RegularExpressions;

namespace Decision.Engine.Paths;

/// <summary>A pattern that is compared segment by segment, without allocation.</summary>
internal sealed class PlainPattern
{
    // Neither can be part of a plain pattern outside of braces, and both keep their form in the canonical path.
    private const char OneSegment = '*';
    private const char TheRest = '(';

    private readonly string _head;
    private readonly Segment[] _segments;
    private readonly bool _isPinned;

    private PlainPattern(string head, Segment[] segments, bool isPinned)
    {
        _head = head;
        _segments = segments;
        _isPinned = isPinned;
        FirstSegment = head.Length > 1 ? head[1..].Split('/')[0] : null;
    }

    private enum SegmentKind
    {
        Literal,
        Wildcard,
        Rest,
    }

    /// <summary>The literal first segment of every matching path; null where it is a wildcard or there is none.</summary>
    public string? FirstSegment { get; }

    /// <summary>Whether a pattern is plain; a problem where it is neither plain nor, beyond doubt, a regular expression.</summary>
    public static bool IsPlain(string text, out string? problem)
    {
        problem = null;
        if (!text.StartsWith('/'))
        {
            return false;
        }

        var depth = 0;
        var isStarAlone = false;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character is '{' or '}')
            {
                depth += character == '{' ? 1 : -1;
                if (depth < 0)
                {
                    break;
                }
            }
            else if (depth > 0)
            {
                continue;
            }
            else if ("\\()[]|+?^".Contains(character) || (character == '$' && i < text.Length - 1))
            {
                return false;
            }
            else if (character == '*' && text[i - 1] != '/')
            {
                if (text[i - 1] == '.')
                {
                    return false;
                }

                isStarAlone = true;
            }
        }

        if (depth != 0)
        {
            problem = "The pattern has a '{' or '}' without its counterpart; write {name} for one segment, or escape a literal brace as %7B or %7D.";
        }
        else if (isStarAlone)
        {
            problem = "The pattern has a '*' that does not follow a '/'; write '/*' for everything below, '{name}' for a part of a segment, or a regular expression such as '^/users.*'.";
        }

        return problem is null;
    }

    /// <summary>
    /// Compiles a pattern of which <see cref="IsPlain"/> is true. Where segments cannot be compared one by one, the answer is null and
    /// <paramref name="expression"/> is the equivalent regular expression.
    /// </summary>
    public static PlainPattern? Parse(string text, out string? expression, out string? problem)
    {
        expression = null;
        var isPinned = text.EndsWith('$');
        var marked = MarkWildcards(isPinned ? text[..^1] : text);
        if (!RequestPath.TryNormalize(marked, PathNormalization.Refuse, out var canonical, out var refusal))
        {
            problem = "The pattern can never match, because requests with such a path are refused. " + refusal;
            return null;
        }

        problem = null;
        var wildcard = canonical.AsSpan().IndexOfAny(OneSegment, TheRest);
        if (wildcard < 0)
        {
            return new PlainPattern(canonical, [], isPinned);
        }

        var head = canonical.LastIndexOf('/', wildcard) + 1;
        var segments = canonical[head..].Split('/');
        if (canonical.AsSpan(0, canonical.Length - 1).Contains(TheRest) || segments.Any(one => one.Count(c => c == OneSegment) > 1))
        {
            expression = ToExpression(canonical, isPinned);
            return null;
        }

        return new PlainPattern(canonical[..head], [.. segments.Select(ToSegment)], isPinned);
    }

    public bool IsMatch(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith(_head, StringComparison.Ordinal))
        {
            return false;
        }

        if (_segments.Length == 0)
        {
            return path.Length == _head.Length || (!_isPinned && (_head[^1] == '/' || path[_head.Length] == '/'));
        }

        var rest = path[_head.Length..];
        for (var i = 0; ; i++)
        {
            var segment = _segments[i];
            if (segment.Kind == SegmentKind.Rest)
            {
                return true;
            }

            var isLast = i == _segments.Length - 1;
            if (isLast && segment.Kind == SegmentKind.Literal && segment.Start.Length == 0)
            {
                // The pattern ends with '/': the slash has been there, what follows it is free unless the end is pinned.
                return !_isPinned || rest.IsEmpty;
            }

            var end = rest.IndexOf('/');
            if (!segment.IsMatch(end < 0 ? rest : rest[..end]))
            {
                return false;
            }

            if (isLast)
            {
                return end < 0 || !_isPinned;
            }

            if (end < 0)
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }
    }

    private static string MarkWildcards(string text)
    {
        var marked = new StringBuilder(text.Length);
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{':
                    if (depth++ == 0)
                    {
                        marked.Append(OneSegment);
                    }

                    break;
                case '}':
                    depth--;
                    break;
                case '*' when depth == 0:
                    marked.Append(i + 1 < text.Length && text[i + 1] == '/' ? OneSegment : TheRest);
                    break;
                default:
                    if (depth == 0)
                    {
                        marked.Append(text[i]);
                    }

                    break;
            }
        }

        return marked.ToString();
    }

    private static Segment ToSegment(string text)
    {
        var wildcard = text.IndexOf(OneSegment);
        return text == "(" ? new Segment(SegmentKind.Rest, "", "")
            : wildcard < 0 ? new Segment(SegmentKind.Literal, text, "")
            : new Segment(SegmentKind.Wildcard, text[..wildcard], text[(wildcard + 1)..]);
    }

    private static string ToExpression(string canonical, bool isPinned)
    {
        var expression = new StringBuilder("^");
        foreach (var character in canonical)
        {
            expression.Append(character switch
            {
                OneSegment => "[^/]+",
                TheRest => ".*",
                _ => Regex.Escape(character.ToString()),
            });
        }

        return expression.Append(isPinned ? "$" : canonical[^1] is '/' or TheRest ? "" : "(?:/|$)").ToString();
    }

    private readonly record struct Segment(SegmentKind Kind, string Start, string End)
    {
        public bool IsMatch(ReadOnlySpan<char> text) => Kind == SegmentKind.Literal
            ? text.SequenceEqual(Start)
            : text.Length > Start.Length + End.Length
                && text.StartsWith(Start, StringComparison.Ordinal)
                && text.EndsWith(End, StringComparison.Ordinal);
    }
}
