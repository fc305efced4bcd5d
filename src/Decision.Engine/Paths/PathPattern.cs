using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Decision.Engine.Paths;

/// <summary>A pattern of paths, compiled once; matching is linear in the length of the path, whatever the pattern.</summary>
/// <remarks>
/// <para>With <see cref="UrlMatching.Segments"/> a pattern that begins with <c>/</c> is <b>plain</b>: it matches whole segments from the start of the
/// path and ends at the path's end or before a <c>/</c>. <c>/users</c> matches <c>/users</c> and <c>/users/1</c>, not <c>/username</c>.
/// <c>/users/</c> matches <c>/users/</c> and <c>/users/1</c>, not <c>/users</c>. <c>/</c> has no segments and so matches every path. A <c>$</c> at the
/// end pins the end: <c>/$</c> matches the root only. <c>{name}</c>, also <c>{name:constraint}</c> whose constraint is not looked at, is one segment or a
/// part of one, at least one character; <c>/*/</c> is one segment, any other <c>/*</c> is a <c>/</c> and all that follows. Escapes and non-ASCII
/// characters are read as in request paths.</para>
/// <para>A pattern is a <b>regular expression</b> where it does not begin with <c>/</c>, or where it contains, outside of <c>{}</c>, one of
/// <c>\ ( ) [ ] | + ? ^</c>, a <c>$</c> before its end, or <c>.*</c>. A dot or hyphen alone does not make it one. It is taken as written and may match
/// anywhere unless it says <c>^</c> and <c>$</c>; only <c>{name}</c>, <c>/*/</c> and <c>/*</c> mean the same as in plain patterns. There is no
/// lookaround, no backreference and no atomic group, since these cannot be matched in linear time.</para>
/// <para>With <see cref="UrlMatching.Tyk"/> every pattern is a regular expression that may match anywhere, in which all of <c>{...}</c> (quantifiers
/// too), <c>/*/</c> and <c>/*</c> are replaced as Tyk replaces them.</para>
/// <para>An empty pattern matches nothing with <see cref="UrlMatching.Segments"/>, and everything with <see cref="UrlMatching.Tyk"/>.</para>
/// </remarks>
public sealed class PathPattern
{
    /// <summary>The most characters that a pattern may have.</summary>
    public const int MaximumLength = 4096;

    private readonly PlainPattern? _plain;
    private readonly Regex? _regex;
    private readonly RegexLiteral _literal;

    private PathPattern(string text, PlainPattern? plain, Regex? regex, RegexLiteral literal = default)
    {
        Text = text;
        _plain = plain;
        _regex = regex;
        _literal = literal;
        FirstSegment = plain is not null ? plain.FirstSegment : regex is not null ? literal.FirstSegment : null;
    }

    // Entries live as long as the strings of the policies that hold them.
    private static readonly ConditionalWeakTable<string, PathPattern> SharedSegments = [];
    private static readonly ConditionalWeakTable<string, PathPattern> SharedTyk = [];

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the pattern is matched by segments, without a regular expression.</summary>
    internal bool IsPlain => _regex is null;

    /// <summary>The first segment that every matching path has; null where the pattern leaves it open.</summary>
    internal string? FirstSegment { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="text">The pattern as it is written in a policy, key or API.</param>
    /// <param name="matching">How the text is read.</param>
    /// <param name="problem">A sentence that says what is wrong with the pattern and what to write instead; null where it is valid.</param>
    /// <returns>The compiled pattern; null where it is invalid.</returns>
    public static PathPattern? Parse(string text, UrlMatching matching, out string? problem)
    {
        if (text.Length > MaximumLength)
        {
            problem = $"The pattern has {text.Length} characters and may have {MaximumLength}; shorten it or split it in several.";
            return null;
        }

        if (matching == UrlMatching.Tyk)
        {
            return FromRegex(text, PathRegex.OfTyk(text, out problem), ref problem);
        }

        if (text is "" or "^$")
        {
            // Canonical paths begin with '/', so neither can match. Tyk's prefix matching has the same rule.
            problem = null;
            return new PathPattern(text, plain: null, regex: null);
        }

        if (!PlainPattern.IsPlain(text, out problem))
        {
            return problem is null ? FromRegex(text, PathRegex.OfWritten(text, out problem), ref problem) : null;
        }

        var plain = PlainPattern.Parse(text, out var expression, out problem);
        return plain is not null ? new PathPattern(text, plain, regex: null) : FromRegex(text, expression, ref problem);
    }

    /// <summary>
    /// As <see cref="Parse"/>, but compiled once for each text object: the grants of all keys of a policy share the patterns of the policy's own
    /// strings. A regular expression takes about a millisecond to compile, and a policy may have a million keys.
    /// </summary>
    internal static PathPattern? Shared(string text, UrlMatching matching, out string? problem)
    {
        var known = matching == UrlMatching.Tyk ? SharedTyk : SharedSegments;
        problem = null;
        if (known.TryGetValue(text, out var pattern))
        {
            return pattern;
        }

        pattern = Parse(text, matching, out problem);
        if (pattern is not null)
        {
            known.AddOrUpdate(text, pattern);
        }

        return pattern;
    }

    /// <summary>Whether the pattern matches a path in canonical form (<see cref="RequestPath.TryNormalize"/>).</summary>
    public bool IsMatch(ReadOnlySpan<char> path) => _plain is not null
        ? _plain.IsMatch(path)
        : _regex is not null && _literal.MayMatch(path) && _regex.IsMatch(path);

    /// <summary>Whether the pattern matches the path below the listen path, or else the whole path.</summary>
    public bool IsMatch(MatchPath path) => (path.HasBelow && IsMatch(path.Below)) || IsMatch(path.Whole);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static PathPattern? FromRegex(string text, string? expression, ref string? problem)
    {
        if (expression is null)
        {
            return null;
        }

        var regex = PathRegex.Compile(expression, out problem);
        return regex is null ? null : new PathPattern(text, plain: null, regex, RegexLiteral.Of(expression));
    }
}
