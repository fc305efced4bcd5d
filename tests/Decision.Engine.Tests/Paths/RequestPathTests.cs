using System.Text;
using Decision.Engine.Paths;
using Decision.TestKit;

namespace Decision.Engine.Tests.Paths;

public class RequestPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/users")]
    [InlineData("/users/")]
    [InlineData("/v1.0/a-b_c~d/!$&'()*+,=:@")]
    [InlineData("/a%20b/%C3%A9")]
    [InlineData("/...")]
    [InlineData("/.well-known/a")]
    [InlineData("/a/..b/.c/d.")]
    [InlineData("/100%25")]
    [InlineData("/100%25off")]
    [InlineData("/a%2520b")]
    [InlineData("/a%3Fb%23c%3Ad")]
    public void TryNormalize_canonical_path_is_the_same_instance(string raw)
    {
        foreach (var mode in Enum.GetValues<PathNormalization>())
        {
            Assert.True(RequestPath.TryNormalize(raw, mode, out var path, out var problem));
            Assert.Same(raw, path);
            Assert.Null(problem);
        }
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("?a=/../b", "/")]
    [InlineData("/users?x=//..;%zz#y", "/users")]
    [InlineData("/users?", "/users")]
    [InlineData("/%75sers", "/users")]
    [InlineData("/%75%53ers%2d%2E1%5f%7e", "/uSers-.1_~")]
    [InlineData("/%c3%a9", "/%C3%A9")]
    [InlineData("/é", "/%C3%A9")]
    [InlineData("/€/\U0001F600", "/%E2%82%AC/%F0%9F%98%80")]
    [InlineData("/a b\"<>^`{|}[]", "/a%20b%22%3C%3E%5E%60%7B%7C%7D%5B%5D")]
    [InlineData("/a%3fb%23c%40d", "/a%3Fb%23c%40d")]
    [InlineData("/a.%62", "/a.b")]
    [InlineData("/%2e%2e%2e", "/...")]
    [InlineData("/%2ewell-known", "/.well-known")]
    [InlineData("/%25%34%31", "/%2541")]
    public void TryNormalize_other_spelling_is_rewritten(string raw, string expected)
    {
        foreach (var mode in Enum.GetValues<PathNormalization>())
        {
            Assert.True(RequestPath.TryNormalize(raw, mode, out var path, out var problem), problem);
            Assert.Equal(expected, path);
            Assert.Null(problem);
        }
    }

    [Theory]
    [InlineData("/a/./b", "'..' segment")]
    [InlineData("/a/../b", "'..' segment")]
    [InlineData("/..", "'..' segment")]
    [InlineData("/.", "'..' segment")]
    [InlineData("/a/..", "'..' segment")]
    [InlineData("/a/.", "'..' segment")]
    [InlineData("/a/%2e%2e/b", "'..' segment")]
    [InlineData("/a/%2E%2e/b", "'..' segment")]
    [InlineData("/a/.%2e/b", "'..' segment")]
    [InlineData("/a/%2E./b", "'..' segment")]
    [InlineData("/a/%2e/b", "'..' segment")]
    [InlineData("/a/..?x", "'..' segment")]
    [InlineData("//a", "empty segment")]
    [InlineData("/a//b", "empty segment")]
    [InlineData("/a//", "empty segment")]
    [InlineData("//", "empty segment")]
    [InlineData("/a#b", "'#'")]
    [InlineData("#", "'#'")]
    [InlineData("/public#/../admin", "'#'")]
    public void TryNormalize_ambiguous_segment_is_refused_with_the_fix(string raw, string expected)
    {
        Assert.False(RequestPath.TryNormalize(raw, PathNormalization.Refuse, out var path, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(";", problem, StringComparison.Ordinal);
        Assert.Equal("/", path);
    }

    [Theory]
    [InlineData("/a%2fb", "'%2F'")]
    [InlineData("/a%2Fb", "'%2F'")]
    [InlineData("/..%2fadmin", "'%2F'")]
    [InlineData("/a%5cb", "backslash")]
    [InlineData("/a%5Cb", "backslash")]
    [InlineData("/a\\b", "backslash")]
    [InlineData("/a;b=1", "';'")]
    [InlineData("/..;/a", "';'")]
    [InlineData("/a%3bb", "';'")]
    [InlineData("/a%3Bb", "';'")]
    [InlineData("/a\0", "control")]
    [InlineData("/a\tb", "control")]
    [InlineData("/a\r\nb", "control")]
    [InlineData("/a\u007f", "control")]
    [InlineData("/a%00", "control")]
    [InlineData("/a%0a", "control")]
    [InlineData("/a%1F", "control")]
    [InlineData("/a%7f", "control")]
    [InlineData("/%", "two hexadecimal digits")]
    [InlineData("/%2", "two hexadecimal digits")]
    [InlineData("/%2?b", "two hexadecimal digits")]
    [InlineData("/%zz", "two hexadecimal digits")]
    [InlineData("/%u002e", "two hexadecimal digits")]
    [InlineData("/%%32e", "two hexadecimal digits")]
    [InlineData("/%２e", "two hexadecimal digits")]
    [InlineData("/%c0%ae", "UTF-8")]
    [InlineData("/%e0%80%af", "UTF-8")]
    [InlineData("/%f0%80%80%af", "UTF-8")]
    [InlineData("/%c3", "UTF-8")]
    [InlineData("/%c3/%a9", "UTF-8")]
    [InlineData("/%c3a", "UTF-8")]
    [InlineData("/%e2%82", "UTF-8")]
    [InlineData("/%a9", "UTF-8")]
    [InlineData("/%ff", "UTF-8")]
    [InlineData("/%ed%a0%80", "UTF-8")]
    [InlineData("/%f4%90%80%80", "UTF-8")]
    [InlineData("/%252e", "more than once")]
    [InlineData("/%252E%252e/a", "more than once")]
    [InlineData("/%252fa", "more than once")]
    [InlineData("/%255Ca", "more than once")]
    [InlineData("/%253ba", "more than once")]
    [InlineData("/%2500", "more than once")]
    [InlineData("/%25252e", "more than once")]
    [InlineData("/%2525252525252e", "more than once")]
    [InlineData("/%25%32%65", "more than once")]
    [InlineData("/%25%2532e", "more than once")]
    [InlineData("/%%32%65", "two hexadecimal digits")]
    [InlineData("/%2%35%32e", "two hexadecimal digits")]
    [InlineData("users", "does not begin with '/'")]
    [InlineData("*", "does not begin with '/'")]
    [InlineData("a/http://b", "does not begin with '/'")]
    [InlineData("http://host/path", "whole URL")]
    [InlineData("HTTPS://host", "whole URL")]
    public void TryNormalize_path_with_two_readings_is_refused_in_both_modes(string raw, string expected)
    {
        foreach (var mode in Enum.GetValues<PathNormalization>())
        {
            Assert.False(RequestPath.TryNormalize(raw, mode, out var path, out var problem));
            Assert.Contains(expected, problem, StringComparison.Ordinal);
            Assert.Equal("/", path);
        }
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDC00)]
    public void TryNormalize_lone_surrogate_is_refused(int unit)
    {
        foreach (var raw in new[] { "/a" + (char)unit, "/" + (char)unit + "b" })
        {
            Assert.False(RequestPath.TryNormalize(raw, PathNormalization.Resolve, out _, out var problem));
            Assert.Contains("surrogate", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/b/../", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/.", "/")]
    [InlineData("/./", "/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/../../c", "/c")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("//a", "/a")]
    [InlineData("/a//b///c//", "/a/b/c/")]
    [InlineData("//", "/")]
    [InlineData("/a/b/..//c", "/a/c")]
    [InlineData("/a#b?c", "/a")]
    [InlineData("#", "/")]
    public void TryNormalize_resolve_resolves(string raw, string expected)
    {
        Assert.True(RequestPath.TryNormalize(raw, PathNormalization.Resolve, out var path, out var problem), problem);
        Assert.Equal(expected, path);
    }

    [Theory]
    [InlineData("/..", "above the root")]
    [InlineData("/../a", "above the root")]
    [InlineData("/a/../../b", "above the root")]
    [InlineData("/./..", "above the root")]
    [InlineData("/a//../b", "behind an empty segment")]
    [InlineData("//..", "behind an empty segment")]
    [InlineData("/a//./../b", "behind an empty segment")]
    [InlineData("/a//b/../../c", "behind an empty segment")]
    public void TryNormalize_resolve_refuses_what_has_no_single_answer(string raw, string expected)
    {
        Assert.False(RequestPath.TryNormalize(raw, PathNormalization.Resolve, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryNormalize_every_byte_escaped_equals_its_raw_character_or_both_are_refused_or_it_is_reserved()
    {
        for (var value = 0; value < 0x80; value++)
        {
            var raw = "/x" + (char)value + "y";
            var escaped = $"/x%{value:x2}y";
            var isEscapedFine = RequestPath.TryNormalize(escaped, PathNormalization.Refuse, out var fromEscaped, out _);
            if ("!$&'()*+,=:@?#%/".Contains((char)value))
            {
                Assert.Equal(value != '/', isEscapedFine);
                Assert.Equal(isEscapedFine ? $"/x%{value:X2}y" : "/", fromEscaped);
                continue;
            }

            Assert.Equal(isEscapedFine, RequestPath.TryNormalize(raw, PathNormalization.Refuse, out var fromRaw, out _));
            Assert.Equal(fromRaw, fromEscaped);
        }
    }

    [Fact]
    public void TryNormalize_canonical_path_allocates_nothing()
    {
        foreach (var raw in new[] { "/orders/1234/items", "/orders/%C3%A9/items" })
        {
            Assert.True(RequestPath.TryNormalize(raw, PathNormalization.Refuse, out _, out _));
            Assert.Equal(0, Allocations.SteadyStateOf(() => RequestPath.TryNormalize(raw, PathNormalization.Refuse, out _, out _)));
        }
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/a/b/../")]
    [InlineData("//")]
    [InlineData("%25")]
    [InlineData("%2525")]
    [InlineData("%c3%A9")]
    [InlineData("é")]
    [InlineData("/.a")]
    public void TryNormalize_path_of_a_mebibyte_is_settled(string piece)
    {
        var raw = "/" + new StringBuilder().Insert(0, piece, (1 << 20) / piece.Length);

        Assert.True(RequestPath.TryNormalize(raw, PathNormalization.Resolve, out var path, out var problem), problem);
        Assert.True(RequestPath.TryNormalize(path, PathNormalization.Refuse, out var again, out problem), problem);
        Assert.Same(path, again);
    }

    [Theory]
    [InlineData("%252525")]
    [InlineData("%25%32%35")]
    public void TryNormalize_layers_of_encoding_over_a_mebibyte_are_taken_off(string layer)
    {
        var raw = "/" + new StringBuilder().Insert(0, layer, (1 << 20) / layer.Length) + "2e";

        Assert.False(RequestPath.TryNormalize(raw, PathNormalization.Refuse, out _, out var problem));
        Assert.Contains("more than once", problem, StringComparison.Ordinal);
    }
}
