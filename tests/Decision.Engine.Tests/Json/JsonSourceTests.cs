using System.Text;
using Decision.Engine.Findings;
using Decision.Engine.Json;

namespace Decision.Engine.Tests.Json;

public sealed class JsonSourceTests
{
    [Theory]
    [InlineData("", "is empty: write one JSON value, such as {}.")]
    [InlineData(" \n\t", "is empty: write one JSON value, such as {}.")]
    [InlineData("\uFEFF{}", "line 1, column 1: starts with a byte order mark, which JSON does not have: save it as UTF-8 without one.")]
    [InlineData("{\n  \"a\": 1,\n}", "line 3, column 1: has a comma before a closing bracket, which JSON does not allow: remove it.")]
    [InlineData("{\n  // note\n}", "line 2, column 3: has a comment, which JSON does not allow: remove it.")]
    [InlineData("{ # note\n}", "line 1, column 3: has a comment, which JSON does not allow: remove it.")]
    [InlineData("{\"a\": \"b\"", "line 1, column 10: is not complete JSON: a closing bracket or quotation mark is missing.")]
    [InlineData("{\"a\": [1, 2", "line 1, column 12: is not complete JSON: a closing bracket or quotation mark is missing.")]
    [InlineData("{\"a\": NaN}", "line 1, column 7: is not JSON: 'N' is an invalid start of a value.")]
    public void Parse_broken_text_is_one_finding_with_line_and_column(string json, string message)
    {
        var findings = new FindingList();

        Assert.Null(JsonSource.Parse(Encoding.UTF8.GetBytes(json), "policies.json", findings));

        Assert.Equal([$"error policies.json: {message}"], Shape.Lines(findings));
    }

    [Fact]
    public void Parse_utf16_says_how_to_save_it()
    {
        var findings = new FindingList();
        byte[] text = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")];

        Assert.Null(JsonSource.Parse(text, "a.json", findings));

        Assert.Equal(["error a.json: line 1, column 1: is UTF-16: save it as UTF-8 without byte order mark."], Shape.Lines(findings));
    }

    [Fact]
    public void Parse_invalid_utf8_names_the_place()
    {
        var findings = new FindingList();

        Assert.Null(JsonSource.Parse("{\n\"ü\": \""u8.ToArray().Append((byte)0xFF).ToArray(), "a.json", findings));

        Assert.Equal(["error a.json: line 2, column 8: is not valid UTF-8: save it as UTF-8."], Shape.Lines(findings));
    }

    [Fact]
    public void Parse_nesting_without_end_is_a_finding()
    {
        var findings = new FindingList();

        Assert.Null(JsonSource.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000)), "a.json", findings));

        Assert.Equal(["error a.json: line 1, column 65: is nested deeper than 64 levels: flatten it."], Shape.Lines(findings));
    }
}
