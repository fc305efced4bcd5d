namespace Decision.Engine.Paths;

/// <summary>Finds, and resolves where that is asked for, the segments that make one path mean another.</summary>
internal static class PathSegments
{
    private const string DotSegment = "The path contains a '.' or '..' segment, plain or encoded; send the path already resolved.";
    private const string EmptySegment = "The path contains an empty segment ('//'); send a single '/'.";
    private const string AboveRoot = "The path leads above the root with '..'; send the path already resolved.";
    private const string DotsBehindEmpty = "The path contains '..' behind an empty segment ('//..'), which servers resolve in different ways; send the path already resolved.";

    /// <summary>Whether a path that begins with <c>/</c> has dot segments or empty segments other than a last one.</summary>
    public static bool AreAmbiguous(ReadOnlySpan<char> path) => path.IndexOf("//", StringComparison.Ordinal) >= 0 || HasDotSegment(path);

    /// <summary>Refuses or resolves the ambiguous segments of the path in <paramref name="buffer"/>; answers the problem, or null.</summary>
    public static string? Settle(Span<char> buffer, PathNormalization mode, ref int length)
    {
        var path = buffer[..length];
        if (mode == PathNormalization.Resolve)
        {
            return AreAmbiguous(path) ? Resolve(path, out length) : null;
        }

        return HasDotSegment(path) ? DotSegment
            : AreAmbiguous(path) ? EmptySegment
            : null;
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        for (var rest = path; ;)
        {
            var at = rest.IndexOf("/.", StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + 2)..];
            var behind = rest.StartsWith('.') ? rest[1..] : rest;
            if (behind.IsEmpty || behind[0] == '/')
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Resolves in place. A <c>..</c> never takes an empty segment away: with that, collapsing before or after resolving gives the same path.
    /// </summary>
    private static string? Resolve(Span<char> path, out int length)
    {
        length = 0;
        for (var at = 0; at < path.Length;)
        {
            var size = path[(at + 1)..].IndexOf('/');
            var next = size < 0 ? path.Length : at + 1 + size;
            var segment = path[(at + 1)..next];
            var isLast = next == path.Length;
            at = next;
            if (segment is "..")
            {
                if (length == 0)
                {
                    return AboveRoot;
                }

                var parent = path[..length].LastIndexOf('/');
                if (parent == length - 1)
                {
                    return DotsBehindEmpty;
                }

                length = parent;
            }
            else if (segment is not ".")
            {
                path[length++] = '/';
                segment.CopyTo(path[length..]);
                length += segment.Length;
                continue;
            }

            if (isLast)
            {
                path[length++] = '/';
            }
        }

        length = Collapse(path[..length]);
        return null;
    }

    private static int Collapse(Span<char> path)
    {
        var length = 0;
        foreach (var character in path)
        {
            if (character != '/' || length == 0 || path[length - 1] != '/')
            {
                path[length++] = character;
            }
        }

        return length;
    }
}
