using Decision.Engine.Paths;
using Decision.TestKit;

namespace Decision.Engine.Tests.Paths;

public class ListenPathIndexTests
{
    private static readonly ListenPathIndex<string> Index = ListenPathIndex.Build<string>(
        [
            new("orders", [], "/orders/", "orders"),
            new("archive", [], "/orders/archive", "archive"),
            new("shop", ["shop.example.com", "Shop.Example.net:8443"], "/", "shop"),
            new("shop-api", ["shop.example.com"], "/api/v1", "shop-api"),
            new("loop", ["[::1]"], "/l", "loop"),
            new("café", [], "/café", "café"),
        ],
        out _);

    [Theory]
    [InlineData("", "/orders", "orders", 7)]
    [InlineData("", "/orders/", "orders", 7)]
    [InlineData("", "/orders/1", "orders", 7)]
    [InlineData("", "/orders/archive", "archive", 15)]
    [InlineData("", "/orders/archive/2/3", "archive", 15)]
    [InlineData("", "/orders/archived", "orders", 7)]
    [InlineData("other.example.com", "/orders/1", "orders", 7)]
    [InlineData("shop.example.com", "/", "shop", 0)]
    [InlineData("shop.example.com", "/orders/archive", "shop", 0)]
    [InlineData("SHOP.example.com:443", "/x", "shop", 0)]
    [InlineData("shop.example.com.", "/x", "shop", 0)]
    [InlineData("shop.example.com.:80", "/x", "shop", 0)]
    [InlineData("shop.example.com:", "/x", "shop", 0)]
    [InlineData("shop.example.net", "/x", "shop", 0)]
    [InlineData("shop.example.com", "/api/v1/x", "shop-api", 7)]
    [InlineData("shop.example.com", "/api/v10", "shop", 0)]
    [InlineData("[::1]:8080", "/l/1", "loop", 2)]
    [InlineData("[0:0:0:0:0:0:0:1]", "/l", "loop", 2)]
    [InlineData("::1", "/l", "loop", 2)]
    [InlineData("[::1]", "/orders", "orders", 7)]
    [InlineData("", "/caf%C3%A9/x", "café", 10)]
    public void TryFind_exact_host_before_any_and_longest_path_on_a_segment_boundary(string host, string path, string expected, int length)
    {
        Assert.True(Index.TryFind(host, path, out var value, out var listenPathLength));
        Assert.Equal(expected, value);
        Assert.Equal(length, listenPathLength);
        Assert.Equal(length == 0 ? path : path.Length == length ? "/" : path[length..], new MatchPath(path, listenPathLength).Below);
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("", "/ordersx")]
    [InlineData("", "/Orders")]
    [InlineData("", "/order")]
    [InlineData("x.shop.example.com", "/x")]
    [InlineData("shop.example.com:80:80", "/x")]
    [InlineData("shop.example.com:http", "/x")]
    [InlineData("shop.example.com..", "/x")]
    [InlineData("[::2]", "/l")]
    [InlineData("[::1", "/l")]
    [InlineData("[::1]x", "/l")]
    [InlineData("1.2.3.4", "/l")]
    public void TryFind_no_match_finds_nothing(string host, string path)
    {
        Assert.False(Index.TryFind(host, path, out var value, out var length));
        Assert.Null(value);
        Assert.Equal(0, length);
    }

    [Fact]
    public void TryFind_host_without_a_matching_path_falls_back_to_any_host()
    {
        var index = ListenPathIndex.Build<int>([new("a", ["h"], "/a", 1), new("b", [], "/", 2)], out _);

        Assert.True(index.TryFind("h", "/b", out var value, out _));
        Assert.Equal(2, value);
    }

    [Theory]
    [InlineData("/orders", "/orders/", "", "", "any host")]
    [InlineData("/", "/", "", "", "'/'")]
    [InlineData("/%6frders", "/orders", "", "", "any host")]
    [InlineData("/a", "/a", "h.example", "H.example.:80", "host 'H.example.:80'")]
    [InlineData("/a", "/a", "[::1]", "[0::1]:1", "host '[0::1]:1'")]
    public void Build_same_host_and_listen_path_is_reported_and_the_first_stays(string first, string second, string firstHost, string secondHost, string expected)
    {
        string[] firstHosts = firstHost.Length == 0 ? [] : [firstHost];
        string[] secondHosts = secondHost.Length == 0 ? [] : [secondHost];
        var index = ListenPathIndex.Build<int>([new("one", firstHosts, first, 1), new("two", secondHosts, second, 2)], out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal(1, problem.Index);
        Assert.Contains("API two", problem.Problem, StringComparison.Ordinal);
        Assert.Contains("by API one", problem.Problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Problem, StringComparison.Ordinal);
        Assert.True(index.TryFind(firstHost, second == "/%6frders" ? "/orders" : second, out var value, out _));
        Assert.Equal(1, value);
    }

    [Theory]
    [InlineData("orders", "does not begin with '/'")]
    [InlineData("/a//b", "empty segment")]
    [InlineData("/a/../b", "'..'")]
    [InlineData("/a/*", "wildcard")]
    [InlineData("/a/{id}", "wildcard")]
    [InlineData("/a?b", "wildcard or query")]
    public void Build_invalid_listen_path_is_reported(string listenPath, string expected)
    {
        var index = ListenPathIndex.Build<int>([new("a", [], listenPath, 1)], out var problems);

        Assert.Contains(expected, Assert.Single(problems).Problem, StringComparison.Ordinal);
        Assert.False(index.TryFind("", "/a/b", out _, out _));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(".", "empty")]
    [InlineData("*", "leave hosts empty")]
    [InlineData("*.example.com", "list every host")]
    [InlineData("http://example.com", "not a host name")]
    [InlineData("example.com/x", "not a host name")]
    [InlineData("user@example.com", "not a host name")]
    [InlineData("exa mple.com", "not a host name")]
    [InlineData("[::zz]", "not a host name")]
    [InlineData("bücher.example", "xn--")]
    public void Build_invalid_host_is_reported_and_is_not_any_host(string host, string expected)
    {
        var index = ListenPathIndex.Build<int>([new("a", [host], "/", 1)], out var problems);

        Assert.Contains(expected, Assert.Single(problems).Problem, StringComparison.Ordinal);
        Assert.False(index.TryFind("", "/", out _, out _));
        Assert.False(index.TryFind(host, "/", out _, out _));
    }

    [Fact]
    public void Build_host_longer_than_a_name_can_be_is_reported()
    {
        ListenPathIndex.Build<int>([new("a", [new string('a', 254)], "/", 1)], out var problems);

        Assert.Contains("253", Assert.Single(problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryFind_allocates_nothing_among_ten_thousand_apis()
    {
        var entries = Enumerable.Range(0, 10_000).Select(i => new ListenPathEntry<int>($"api{i}", i % 2 == 0 ? [] : [$"h{i}.example"], $"/team/{i}/api", i)).ToArray();
        var index = ListenPathIndex.Build(entries, out var problems);
        Assert.Empty(problems);
        Assert.True(index.TryFind("H9999.example:80", "/team/9999/api/x", out var value, out _));
        Assert.Equal(9999, value);

        long bytes = Allocations.SteadyStateOf(() => index.TryFind("H9999.example:80", "/team/9998/api/x", out value, out _));

        Assert.Equal(0, bytes);
        Assert.Equal(9998, value);
    }

    [Fact]
    public void TryFind_path_of_a_mebibyte_of_segments_is_found()
    {
        Assert.True(Index.TryFind("", "/orders" + string.Concat(Enumerable.Repeat("/a", 1 << 19)), out var value, out _));
        Assert.Equal("orders", value);
    }
}
