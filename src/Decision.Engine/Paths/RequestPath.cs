using System.Buffers;

namespace Decision.Engine.Paths;

/// <summary>The canonical form of request paths: the one reading that every rule about a path uses.</summary>
/// <remarks>
/// <para>In the canonical form the query string is gone, escapes of unreserved characters (<c>A-Z a-z 0-9 - . _ ~</c>) are decoded once, all other
/// escapes have upper-case digits, and characters that a URI cannot hold as they are (non-ASCII, space, quotes, braces, ...) are escaped as
/// UTF-8, so that the raw and the escaped spelling compare equal. It is plain ASCII.</para>
/// <para>Refused in both modes, because a proxy or server behind this decision could read them differently: encoded slashes and backslashes,
/// backslashes, semicolons (path parameters) raw or encoded, control bytes, bad escapes, bad UTF-8, lone surrogates, and any of dot, slash,
/// backslash, semicolon or control byte under two or more layers of encoding (<c>%252e</c>), which a second decoding would bring to life.</para>
/// <para>Refused unless resolved: dot segments in any encoding, empty segments, and a fragment. Resolving refuses what leads above the root, and a
/// <c>..</c> behind an empty segment (<c>/a//../b</c>), which readers resolve to different paths.</para>
/// </remarks>
public static class RequestPath
{
    private const int StackCharacters = 512;

    /// <summary>Brings a request path into its canonical form. Linear in the length of the path.</summary>
    /// <param name="raw">The request target as the client sent it: a path, with or without a query string.</param>
    /// <param name="mode">Whether dot segments, empty segments and fragments are refused or resolved.</param>
    /// <param name="path">The canonical path, which begins with <c>/</c>; the instance <paramref name="raw"/> itself where nothing changes.
    /// Where the path is refused: <c>/</c>, which must not be used.</param>
    /// <param name="problem">Why the path is refused and what to send instead; null where it is not refused.</param>
    public static bool TryNormalize(string raw, PathNormalization mode, out string path, out string? problem)
    {
        path = raw;
        problem = null;
        if (raw.StartsWith('/') && !raw.AsSpan().ContainsAnyExcept(PathCharacters.Plain) && !PathSegments.AreAmbiguous(raw))
        {
            return true;
        }

        return TryRewrite(raw, mode, out path, out problem);
    }

    private static bool TryRewrite(string raw, PathNormalization mode, out string path, out string? problem)
    {
        path = "/";
        ReadOnlySpan<char> source = raw;
        var end = source.IndexOfAny('?', '#');
        if (end >= 0)
        {
            if (source[end] == '#' && mode == PathNormalization.Refuse)
            {
                problem = "The path contains '#', which some servers read as part of the path; leave the fragment out or escape it as %23.";
                return false;
            }

            source = source[..end];
        }

        if (source.IsEmpty)
        {
            problem = null;
            return true;
        }

        if (source[0] != '/')
        {
            var scheme = source.IndexOf("://", StringComparison.Ordinal);
            problem = scheme > 0 && source.IndexOf('/') == scheme + 1
                ? "The path is a whole URL; send the part from the first '/' behind the host."
                : "The path does not begin with '/'; send the path of the request target, from its first '/'.";
            return false;
        }

        var capacity = PathRewriter.Capacity(source);
        char[]? rented = null;
        Span<char> buffer = capacity <= StackCharacters ? stackalloc char[StackCharacters] : (rented = ArrayPool<char>.Shared.Rent(capacity));
        try
        {
            problem = PathRewriter.Encode(source, buffer, out var length)
                ?? PathSegments.Settle(buffer, mode, ref length);
            if (problem is not null)
            {
                return false;
            }

            var written = buffer[..length];
            path = written.SequenceEqual(raw) ? raw : written.ToString();
            return true;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }
}
