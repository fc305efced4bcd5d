using Decision.Engine.Paths;

namespace Decision.Engine.Tests.Paths;

public class PathPatternTests
{
    private static PathPattern Parse(string text, UrlMatching matching = UrlMatching.Segments)
    {
        var pattern = PathPattern.Parse(text, matching, out var problem);
        Assert.Null(problem);
        Assert.NotNull(pattern);
        Assert.Equal(text, pattern.Text);
        return pattern;
    }

    [Theory]
    [InlineData("/users", "/users /users/ /users/1 /users/1/2", "/ /user /username /x/users /Users")]
    [InlineData("/users/", "/users/ /users/1", "/users /usersx/")]
    [InlineData("/users$", "/users", "/users/ /users/1 /x/users /usersx")]
    [InlineData("/users/$", "/users/", "/users /users/1")]
    [InlineData("/", "/ /a /a/b/", "")]
    [InlineData("/$", "/", "/a /a/")]
    [InlineData("/users/{id}", "/users/1 /users/a-b /users/1/ /users/1/x", "/users /users/ /x/users/1")]
    [InlineData("/users/{id}$", "/users/1", "/users/ /users/1/ /users/1/x")]
    [InlineData("/users/{}", "/users/1", "/users/")]
    [InlineData("/a/{x:[0-9]+}", "/a/12 /a/zz /a/12/b", "/a/ /a /b/12")]
    [InlineData("/a/{x:[0-9]{3}}/b", "/a/123/b /a/z/b/c", "/a/b /a//b")]
    [InlineData("/{a}/x", "/1/x /1/x/y", "/x /1/2/x /1/xx")]
    [InlineData("/a/{x}.json", "/a/1.json /a/1.json/b /a/.x.json", "/a/.json /a/1.jsonx /a/1xjson")]
    [InlineData("/a/v{x}", "/a/v1 /a/v1/b", "/a/v /a/x1")]
    [InlineData("/a/{x}-{y}", "/a/1-2 /a/---", "/a/- /a/1- /a/-2 /a/1/-2")]
    [InlineData("/a/{x}-{y}$", "/a/1-2", "/a/1-2/ /a/1-2/b")]
    [InlineData("/a/{x}-{y}/", "/a/1-2/ /a/1-2/c", "/a/1-2")]
    [InlineData("/a/*/b", "/a/1/b /a/1/b/c", "/a/b /a/1/2/b /a//b /a/1/bc")]
    [InlineData("/a/*/*/b", "/a/1/2/b", "/a/1/b /a/1/2/3/b")]
    [InlineData("/*/b", "/a/b", "/b /a/c/b")]
    [InlineData("/a/*/", "/a/1/ /a/1/2", "/a/1 /a/")]
    [InlineData("/a/*/$", "/a/1/", "/a/1 /a/1/2")]
    [InlineData("/a/*", "/a/ /a/1 /a/1/2", "/a /ab /x/a/1")]
    [InlineData("/a/*$", "/a/ /a/1/2", "/a")]
    [InlineData("/*", "/ /a /a/b", "")]
    [InlineData("/{x}/*", "/a/ /a/b/c", "/ /a")]
    [InlineData("/a/*b/c", "/a/b/c /a/x/yb/c/d", "/a/b /a/b/cd /x/a/b/c")]
    [InlineData("/a/*b$", "/a/b /a/x/yb", "/a/b/c")]
    [InlineData("/v1.0/a-b", "/v1.0/a-b /v1.0/a-b/c", "/v1x0/a-b")]
    [InlineData("/café", "/caf%C3%A9 /caf%C3%A9/1", "/cafe")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9", "/caf%c3%a9")]
    [InlineData("/%75sers", "/users", "/%75sers")]
    [InlineData("/a b", "/a%20b", "/a")]
    [InlineData("/a%2A", "/a%2A", "/a /ab")]
    [InlineData("/a%24", "/a%24", "/a")]
    [InlineData("/a%7Bx%7D", "/a%7Bx%7D", "/ab")]
    [InlineData("/a{x}", "/ab /a%7Bx%7D", "/a")]
    public void IsMatch_plain_pattern_matches_whole_segments_from_the_start(string text, string matching, string others) =>
        AssertMatches(Parse(text), matching, others);

    [Theory]
    [InlineData("users", "/users /x/superusers", "/user")]
    [InlineData("^/users", "/users /users/1 /usersx", "/x/users")]
    [InlineData("^/users$", "/users", "/users/ /x/users")]
    [InlineData("/users/[0-9]+", "/users/1 /x/users/12a", "/users/a")]
    [InlineData("^/users/[0-9]{3}$", "/users/123", "/users/12 /users/1234")]
    [InlineData("^/users/\\d+$", "/users/1", "/users/x")]
    [InlineData("^/users/{id}$", "/users/1", "/users/ /users/1/2")]
    [InlineData("^/users/{id:[0-9]{2}}/x$", "/users/ab/x", "/users/x")]
    [InlineData("^/a/*$", "/a/ /a/b/c", "/a /ab")]
    [InlineData("^/a/*/c$", "/a/b/c", "/a/c /a/b/b/c")]
    [InlineData("^\\/a\\/*$", "/a/ /a/b", "/a")]
    [InlineData("^/(a|b)$", "/a /b", "/c /a/")]
    [InlineData("^(?:/a)+$", "/a /a/a", "/ /a/b")]
    [InlineData("/a.*z", "/az /x/abz", "/a")]
    [InlineData("^/a?b$", "/b /ab", "/aab")]
    [InlineData("^/(?i)abc$", "/ABC /abc", "/ab")]
    [InlineData("^/(?i:a)b$", "/Ab /ab", "/AB")]
    [InlineData("^/(?P<name>a)(?<other>b)$", "/ab", "/a")]
    [InlineData("^/é+$", "/%C3%A9 /%C3%A9%C3%A9", "/%C3 /e")]
    [InlineData("^/%c3%a9$", "/%C3%A9", "/e")]
    [InlineData("^/%61+$", "/a /aa", "/b")]
    [InlineData("^/a b$", "/a%20b", "/ab")]
    [InlineData("^/\\{x\\}$", "/%7Bx%7D", "/a")]
    [InlineData("^/a\\.b$", "/a.b", "/axb")]
    [InlineData("^/[a\\]]$", "/a", "/b")]
    [InlineData("^/[^]a]$", "/b", "/a")]
    [InlineData("^/\\p{Lu}\\pL$", "/Ab", "/ab /A1")]
    [InlineData("^/users/$|^/x", "/users/ /xy", "/users")]
    [InlineData("^/a$b", "", "/a /a$b")]
    public void IsMatch_regular_expression_is_taken_as_written(string text, string matching, string others) =>
        AssertMatches(Parse(text), matching, others);

    [Theory]
    [InlineData("/user", "/user /username /x/user /api/users", "/use")]
    [InlineData("/users/{id}", "/users/1 /x/users/1/y", "/users/")]
    [InlineData("/a/{x:[0-9]+}", "/a/zz", "/a/")]
    [InlineData("^/a/[0-9]{3}$", "/a/1zz", "/a/123/ /b")]
    [InlineData("/a/*/b", "/x/a/1/bc", "/a/b")]
    [InlineData("/a/*", "/x/a/ /a/b", "/a")]
    [InlineData("/*/*/x", "/a/b/x /a/b/c/x", "/a/x")]
    [InlineData("^/a$", "/a", "/a/ /x/a")]
    [InlineData("", "/ /a", "")]
    [InlineData("/v1.0", "/v1.0 /v1x0", "/v1")]
    [InlineData("/users*", "/user /users /x/usersss", "/use")]
    [InlineData("/é", "/x/%C3%A9", "/e")]
    [InlineData("/a{b", "/a%7Bb", "/ab")]
    public void IsMatch_tyk_matches_anywhere(string text, string matching, string others) =>
        AssertMatches(Parse(text, UrlMatching.Tyk), matching, others);

    [Theory]
    [InlineData("")]
    [InlineData("^$")]
    public void IsMatch_empty_pattern_matches_nothing(string text) => AssertMatches(Parse(text), "", "/ /a");

    [Theory]
    [InlineData("/a/../b", "can never match")]
    [InlineData("/a//b", "can never match")]
    [InlineData("/a/./{x}", "can never match")]
    [InlineData("/a;b", "can never match")]
    [InlineData("/a%2fb", "can never match")]
    [InlineData("/a#b", "can never match")]
    [InlineData("/a%zz", "can never match")]
    [InlineData("/a/{id", "counterpart")]
    [InlineData("/a/id}", "counterpart")]
    [InlineData("/a}{", "counterpart")]
    [InlineData("/users*", "does not follow a '/'")]
    [InlineData("/**", "does not follow a '/'")]
    [InlineData("^/a(?=b)", "lookaround")]
    [InlineData("^/a(?!b)", "lookaround")]
    [InlineData("^/a(?<=b)", "lookaround")]
    [InlineData("^/a(?<!b)", "lookaround")]
    [InlineData("^/(a)\\1", "backreference")]
    [InlineData("^/(?<x>a)\\k<x>", "backreference")]
    [InlineData("^/(?>a)", "atomic")]
    [InlineData("^/(?(a)b|c)", "not known here")]
    [InlineData("^/(?x)a", "not known here")]
    [InlineData("^/(?#c)a", "not known here")]
    [InlineData("^/(?", "not known here")]
    [InlineData("^/(?<a-b>c)", "name is not valid")]
    [InlineData("^/(?<a", "name is not valid")]
    [InlineData("\\G/a", "linear time")]
    [InlineData("^/(a", "'(' without")]
    [InlineData("^/a)", "')' without")]
    [InlineData("^/[a", "'[' without")]
    [InlineData("^/[a\\", "'[' without")]
    [InlineData("^/a{", "'{' without")]
    [InlineData("^/a}", "'}' without")]
    [InlineData("^/a\\", "single '\\'")]
    [InlineData("^/a**", "nested quantifiers")]
    [InlineData("^/\\Qa", "unrecognized escape")]
    [InlineData("^/[z-a]", "reversed character range")]
    [InlineData("^/a{3,2}", "reversed quantifier range")]
    [InlineData("^/\\p{Nope}", "unicode")]
    [InlineData("^/[[:alpha:]]", "POSIX")]
    [InlineData("^/[a-z-[aeiou]]", "'-['")]
    [InlineData("^/[é]", "non-ASCII")]
    [InlineData("^/a{1001}", "repeats too much")]
    [InlineData("^/a{1,99999999999}", "repeats too much")]
    [InlineData("^/(a{1,1000}){1,1000}", "repeats too much")]
    [InlineData("^/((a{10}){11}){10}", "repeats too much")]
    [InlineData("^/(abcdefghijk){100}", "repeats too much")]
    [InlineData("^/a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}g{1000}h{1000}i{1000}j{1000}k{1000}", "linear time")]
    public void Parse_invalid_pattern_names_the_problem_and_the_fix(string text, string expected)
    {
        Assert.Null(PathPattern.Parse(text, UrlMatching.Segments, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("/**")]
    [InlineData("/a(?=b)")]
    public void Parse_invalid_pattern_in_tyk_mode_is_a_problem(string text)
    {
        Assert.Null(PathPattern.Parse(text, UrlMatching.Tyk, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Parse_lone_surrogate_in_a_regular_expression_is_a_problem()
    {
        Assert.Null(PathPattern.Parse("^/\ud800", UrlMatching.Segments, out var problem));
        Assert.Contains("surrogate", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_pattern_longer_than_the_limit_is_a_problem()
    {
        Assert.NotNull(PathPattern.Parse("/" + new string('a', PathPattern.MaximumLength - 1), UrlMatching.Segments, out _));
        Assert.Null(PathPattern.Parse("/" + new string('a', PathPattern.MaximumLength), UrlMatching.Segments, out var problem));
        Assert.Contains("4096", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^/(a+)+$")]
    [InlineData("^/(a|aa)*$")]
    [InlineData("^/(.*a){20}c$")]
    [InlineData("/{x}a{y}a{z}a{u}a{v}c$")]
    public void IsMatch_pattern_that_would_backtrack_ends_on_a_mebibyte(string text)
    {
        // With a backtracking engine this test would not end in the lifetime of the machine.
        Assert.False(Parse(text).IsMatch("/" + new string('a', 1 << 20) + "b"));
    }

    private static void AssertMatches(PathPattern pattern, string matching, string others)
    {
        foreach (var path in matching.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.True(pattern.IsMatch(path), $"{pattern} should match {path}");
        }

        foreach (var path in others.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.False(pattern.IsMatch(path), $"{pattern} should not match {path}");
        }
    }
}
