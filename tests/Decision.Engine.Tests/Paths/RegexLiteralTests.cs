using System.Text.RegularExpressions;
using Decision.Engine.Paths;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Paths;

/// <summary>A path is turned away by a pattern's literal text only where the pattern would turn it away.</summary>
public class RegexLiteralTests
{
    private static readonly string[] Fragments =
    [
        "/orders", "/a", "b", "/", "[0-9]+", "[^/]", "[]|]", "[a|b]*", "(x|y)", "(?:/c)?", "|", "*", "?", "{0}", "{2}", "+", "\\.", "\\d", "\\|", ".", "$", "^", "(?i)", "%2F", "-",
    ];

    private static readonly string[] Paths =
        ["/", "/orders", "/orders/1", "/a", "/ab", "/aab", "/A", "/ORDERS/a", "/b", "/x/y", "/orders|b", "/a.b", "/orders/c", "/%2F-", "/aa/b1", "/|", "/]"];

    [Theory]
    [InlineData("^/orders/[0-9]+$", "/orders/", true, "orders")]
    [InlineData("^/orders$", "/orders", true, null)]
    [InlineData("^/a\\.b/c", "/a.b/c", true, "a.b")]
    [InlineData("^/orders/?", "/orders", true, null)]
    [InlineData("^/orders{0}", "/order", true, null)]
    [InlineData("^/orders+", "/orders", true, null)]
    [InlineData("orders/[0-9]+", "orders/", false, null)]
    [InlineData("^//a", "//a", true, null)]
    [InlineData("^/a|^/b", "", false, null)]
    [InlineData("^/(a|b)", "/", true, null)]
    [InlineData("^/[|]a", "/", true, null)]
    [InlineData("^/a/[]|]", "/a/", true, "a")]
    [InlineData("(?i)^/a", "", false, null)]
    [InlineData("\\d/a", "", false, null)]
    [InlineData("", "", false, null)]
    public void Of_reads_what_every_match_has(string expression, string text, bool isAnchored, string? firstSegment)
    {
        var literal = RegexLiteral.Of(expression);

        Assert.Equal((text, isAnchored, firstSegment), (literal.Text, literal.IsAnchored, literal.FirstSegment));
    }

    [Property(MaxTest = 1000)]
    public Property Patterns_and_lists_of_them_match_what_their_expressions_match()
    {
        var texts = from fragments in Gen.Elements(Fragments).NonEmptyListOf()
                    from start in Gen.Elements("", "^", "^/", "^/orders/")
                    select start + string.Concat(fragments.Take(6));
        return Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (ExpressionOf(text) is not { } expression || PathRegex.Compile(expression, out _) is not { } regex)
            {
                return true;
            }

            var literal = RegexLiteral.Of(expression);
            var rules = UrlRules.Compile([new UrlEntry(text, ["GET"])], UrlMatching.Segments, out _);
            return Paths.All(path =>
                (literal.MayMatch(path) || !regex.IsMatch(path))
                && rules.Allows("GET", new MatchPath(path)) == Regex.IsMatch(path, expression, RegexOptions.ExplicitCapture));
        });
    }

    // A plain pattern such as "/*b" is no expression as it is written, and is matched by one all the same: its '*' is any text.
    private static string? ExpressionOf(string text)
    {
        if (!PlainPattern.IsPlain(text, out string? problem))
        {
            return problem is null ? PathRegex.OfWritten(text, out _) : null;
        }

        _ = PlainPattern.Parse(text, out string? expression, out _);
        return expression;
    }
}
