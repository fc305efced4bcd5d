using Decision.Engine.Paths;
using Decision.TestKit;

namespace Decision.Engine.Tests.Paths;

public class EndpointTableTests
{
    private static EndpointTable<string> Compile(params EndpointEntry<string>[] entries) => EndpointTable.Compile(entries, UrlMatching.Segments, out _);

    [Fact]
    public void TryFind_first_entry_in_the_list_wins()
    {
        var table = Compile(new("^/users/[0-9]+$", "GET", "numbers"), new("/users", "get", "users"), new("/users/1", "GET", "never"));

        Assert.True(table.TryFind("GET", new MatchPath("/users/1"), out var value));
        Assert.Equal("numbers", value);
        Assert.True(table.TryFind("Get", new MatchPath("/users/x"), out value));
        Assert.Equal("users", value);
    }

    [Fact]
    public void TryFind_other_method_or_path_finds_nothing()
    {
        var table = Compile(new EndpointEntry<string>("/users", "GET", "users"));

        Assert.False(table.TryFind("POST", new MatchPath("/users"), out var value));
        Assert.Null(value);
        Assert.False(table.TryFind("GET", new MatchPath("/user"), out _));
    }

    [Fact]
    public void TryFind_empty_table_finds_nothing()
    {
        Assert.True(Compile().IsEmpty);
        Assert.False(Compile().TryFind("GET", new MatchPath("/"), out _));
    }

    [Fact]
    public void TryFind_invalid_pattern_is_reported_and_the_next_entry_counts()
    {
        var table = EndpointTable.Compile([new EndpointEntry<int>("^/(", "GET", 1), new EndpointEntry<int>("/a", "GET", 2)], UrlMatching.Segments, out var problems);

        Assert.Equal(0, Assert.Single(problems).Index);
        Assert.True(table.TryFind("GET", new MatchPath("/a"), out var value));
        Assert.Equal(2, value);
    }

    [Fact]
    public void TryFind_order_of_entries_counts_before_order_of_paths()
    {
        var table = Compile(new("/api/users", "GET", "whole"), new("/users", "GET", "below"));

        Assert.True(table.TryFind("GET", new MatchPath("/api/users", 4), out var value));
        Assert.Equal("whole", value);
        Assert.True(Compile(new EndpointEntry<string>("/users", "GET", "below")).TryFind("GET", new MatchPath("/api/users", 4), out value));
        Assert.Equal("below", value);
    }

    [Fact]
    public void TryFind_allocates_nothing()
    {
        var table = Compile(new("/a/{id}", "GET", "a"), new("/b", "GET", "b"));

        Assert.Equal(0, Allocations.SteadyStateOf(() => table.TryFind("get", new MatchPath("/b"), out _)));
    }
}
