using Decision.Engine.Paths;
using Decision.TestKit;

namespace Decision.Engine.Tests.Paths;

public class UrlRulesTests
{
    private static UrlRules Compile(UrlMatching matching, params UrlEntry[] entries)
    {
        var rules = UrlRules.Compile(entries, matching, out var problems);
        Assert.Empty(problems);
        return rules;
    }

    [Fact]
    public void Allows_method_and_path_of_one_entry_only()
    {
        var rules = Compile(UrlMatching.Segments, new UrlEntry("/users", ["GET", "post"]), new UrlEntry("^/orders/[0-9]+$", ["GET"]));

        Assert.True(rules.Allows("GET", new MatchPath("/users/1")));
        Assert.True(rules.Allows("get", new MatchPath("/users")));
        Assert.True(rules.Allows("POST", new MatchPath("/users")));
        Assert.True(rules.Allows("GET", new MatchPath("/orders/1")));
        Assert.False(rules.Allows("POST", new MatchPath("/orders/1")));
        Assert.False(rules.Allows("DELETE", new MatchPath("/users")));
        Assert.False(rules.Allows("", new MatchPath("/users")));
        Assert.False(rules.Allows("GET", new MatchPath("/username")));
    }

    [Fact]
    public void Allows_entry_without_methods_matches_nothing()
    {
        var rules = Compile(UrlMatching.Segments, new UrlEntry("/users", []));

        Assert.False(rules.IsEmpty);
        Assert.False(rules.Allows("GET", new MatchPath("/users")));
    }

    [Fact]
    public void Allows_without_entries_is_no_restriction_and_Matches_grants_nothing()
    {
        var rules = Compile(UrlMatching.Segments);

        Assert.True(rules.IsEmpty);
        Assert.True(rules.Allows("GET", new MatchPath("/users")));
        Assert.False(rules.Matches("GET", new MatchPath("/users")));
    }

    [Fact]
    public void Compile_invalid_patterns_are_all_reported_and_open_nothing()
    {
        var rules = UrlRules.Compile([new("/a//b", ["GET"]), new("^/(", ["GET"])], UrlMatching.Segments, out var problems);

        Assert.Equal([0, 1], problems.Select(one => one.Index));
        Assert.False(rules.IsEmpty);
        Assert.False(rules.Allows("GET", new MatchPath("/a")));
    }

    [Fact]
    public void Compile_invalid_pattern_does_not_hide_the_next_entry()
    {
        var rules = UrlRules.Compile([new("^/(", ["GET"]), new("/a", ["GET"])], UrlMatching.Segments, out var problems);

        Assert.Equal(0, Assert.Single(problems).Index);
        Assert.True(rules.Allows("GET", new MatchPath("/a")));
    }

    [Theory]
    [InlineData("/users", true)]
    [InlineData("/orders/users", true)]
    [InlineData("^/users$", true)]
    [InlineData("^/orders/users$", true)]
    [InlineData("/orders/user", false)]
    [InlineData("/", true)]
    public void Allows_tries_the_path_below_the_listen_path_and_then_the_whole(string url, bool isAllowed)
    {
        var rules = Compile(UrlMatching.Segments, new UrlEntry(url, ["GET"]));

        Assert.Equal(isAllowed, rules.Allows("GET", new MatchPath("/orders/users", "/orders".Length)));
    }

    [Fact]
    public void Allows_listen_path_itself_is_the_root_below()
    {
        var rules = Compile(UrlMatching.Segments, new UrlEntry("/$", ["GET"]));

        Assert.True(rules.Allows("GET", new MatchPath("/orders", "/orders".Length)));
        Assert.True(rules.Allows("GET", new MatchPath("/orders/", "/orders".Length)));
        Assert.False(rules.Allows("GET", new MatchPath("/orders")));
    }

    [Fact]
    public void MatchPath_listen_path_inside_a_segment_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchPath("/ordersx", 7).HasBelow);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchPath("/a", 3).HasBelow);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchPath("/a", -1).HasBelow);
    }

    [Fact]
    public void Allows_tyk_sees_the_whole_path_only()
    {
        var rules = Compile(UrlMatching.Tyk, new UrlEntry("^/users", ["GET"]), new UrlEntry("/user", ["PUT"]));

        Assert.False(rules.Allows("GET", new MatchPath("/orders/users", "/orders".Length)));
        Assert.True(rules.Allows("put", new MatchPath("/orders/username", "/orders".Length)));
    }

    [Fact]
    public void Allows_allocates_nothing()
    {
        var entries = Enumerable.Range(0, 49).Select(i => new UrlEntry($"/resource{i}/{{id}}/items", ["GET", "PUT"])).ToList();
        var rules = Compile(UrlMatching.Segments, [.. entries]);

        foreach (var path in new[] { "/api/resource48/7/items", "/api/none" })
        {
            var expected = path != "/api/none";
            var isSame = true;
            Assert.Equal(0, Allocations.SteadyStateOf(() => isSame &= rules.Allows("get", new MatchPath(path, 4)) == expected));
            Assert.True(isSame, path);
        }
    }

    [Fact]
    public void Allows_patterns_with_and_without_a_literal_first_segment_all_count()
    {
        string[] urls = ["/a", "/b/", "/c/{x}", "/{x}/d", "/e{x}", "/f/*", "/g$", "/*/h", "/i/x-{y}-{z}"];
        var rules = Compile(UrlMatching.Segments, [.. urls.Select(url => new UrlEntry(url, ["GET"]))]);

        Assert.All(["/a", "/a/1", "/b/", "/c/1", "/z/d", "/ez", "/f/", "/g", "/z/h", "/i/x-1-2"], path => Assert.True(rules.Allows("GET", new MatchPath(path)), path));
        Assert.All(["/", "/aa", "/b", "/c", "/z", "/e", "/f", "/g/", "/g/1", "/i/x-1", "/z/a"], path => Assert.False(rules.Allows("GET", new MatchPath(path)), path));
    }

    [Fact]
    public void Allows_regular_expression_allocates_nothing_once_its_code_is_compiled_fully()
    {
        var rules = Compile(UrlMatching.Segments, new UrlEntry("^/x/[0-9]+$", ["GET"]));

        var bytes = Allocations.SteadyStateOf(() =>
        {
            rules.Allows("GET", new MatchPath("/api/x/12", 4));
            rules.Allows("GET", new MatchPath("/api/none", 4));
        });

        Assert.Equal(0, bytes);
    }

    [Fact]
    public void Compile_ten_thousand_patterns_each_opens_its_own_path()
    {
        var entries = Enumerable.Range(0, 10_000).Select(i => new UrlEntry(i % 2 == 0 ? $"/r{i}" : $"/r{i}/{{id}}", ["GET"])).ToArray();
        var rules = Compile(UrlMatching.Segments, entries);

        Assert.True(rules.Allows("GET", new MatchPath("/r0")));
        Assert.True(rules.Allows("GET", new MatchPath("/r9999/1")));
        Assert.False(rules.Allows("GET", new MatchPath("/r9999")));
        Assert.False(rules.Allows("GET", new MatchPath("/r10000")));
    }
}
