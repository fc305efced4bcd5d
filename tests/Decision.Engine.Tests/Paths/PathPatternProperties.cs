using System.Text.RegularExpressions;
using Decision.Engine.Paths;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Paths;

public class PathPatternProperties
{
    private static readonly string[] PatternSegments = ["a", "b", "a.b", "{x}", "{y:[0-9]+}", "*", "a{x}", "{x}b", "a{x}b", "{x}-{y}", "é"];
    private static readonly string[] PathSegmentsPool = ["a", "b", "ab", "a.b", "axb", "a-b", "%C3%A9", "-", "bb"];

    [Property(MaxTest = 5000)]
    public Property IsMatch_agrees_with_a_naive_regular_expression()
    {
        var patterns =
            from segments in Gen.Elements(PatternSegments).NonEmptyListOf()
            from end in Gen.Elements("", "/", "$", "/$", "/*")
            select "/" + string.Join('/', segments.Take(4)) + end;
        var paths =
            from segments in Gen.Elements(PathSegmentsPool).NonEmptyListOf()
            from end in Gen.Elements("", "/")
            select "/" + string.Join('/', segments.Take(5)) + end;
        return Prop.ForAll(patterns.ToArbitrary(), paths.ToArbitrary(), (text, path) =>
        {
            var pattern = PathPattern.Parse(text, UrlMatching.Segments, out _)!;
            return pattern.IsMatch(path) == Regex.IsMatch(path, Naive(text));
        });
    }

    private static string Naive(string text)
    {
        var isPinned = text.EndsWith('$');
        var plain = isPinned ? text[..^1] : text;
        var hasRest = plain.EndsWith("/*", StringComparison.Ordinal);
        plain = hasRest ? plain[..^1] : plain;
        var segments = plain[1..].Split('/').Select(segment =>
            segment == "*" ? "[^/]+" : Regex.Replace(Regex.Escape(segment).Replace("é", "%C3%A9", StringComparison.Ordinal), @"\\\{.*?}", "[^/]+"));
        var end = hasRest ? "" : isPinned ? "$" : plain.EndsWith('/') ? "" : "(?=/|$)";
        return "^/" + string.Join('/', segments) + end;
    }
}
