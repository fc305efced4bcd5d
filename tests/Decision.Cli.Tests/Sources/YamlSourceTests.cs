using System.Text;
using Decision.Cli.Sources;

namespace Decision.Cli.Tests.Sources;

/// <summary>YAML by its core schema, as the JSON that it stands for.</summary>
public sealed class YamlSourceTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: -1.5e3", """{"a":-1.5e3}""")]
    [InlineData("a: \"1\"", """{"a":"1"}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: true\nb: False\nc: TRUE", """{"a":true,"b":false,"c":true}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: ~\nb:\nc: null\nd: NULL", """{"a":null,"b":null,"c":null,"d":null}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: 10.0.0.0/8", """{"a":"10.0.0.0/8"}""")]
    [InlineData("a: 1_000", """{"a":"1_000"}""")]
    [InlineData("a: 12:30", """{"a":"12:30"}""")]
    [InlineData("a: [x, {b: 2}]", """{"a":["x",{"b":2}]}""")]
    [InlineData("1: x", """{"1":"x"}""")]
    [InlineData(".inf: x", """{".inf":"x"}""")]
    [InlineData("a: |\n  two\n  lines\n", """{"a":"two\nlines\n"}""")]
    [InlineData("# nothing\n[]", "[]")]
    [InlineData("\uFEFFa: 1", """{"a":1}""")]
    public void Read_gives_the_json_that_it_stands_for(string yaml, string json) => Assert.Equal(json, JsonOf(yaml));

    [Theory]
    [InlineData("007", "7")]
    [InlineData("-08", "-8")]
    [InlineData("000", "0")]
    [InlineData("+5", "5")]
    [InlineData("00.50", "0.50")]
    [InlineData(".5", "0.5")]
    [InlineData("-.5", "-0.5")]
    [InlineData("5.", "5")]
    [InlineData("5.e3", "5e3")]
    [InlineData("1E+05", "1E+05")]
    [InlineData("0x10", "16")]
    [InlineData("0xfF", "255")]
    [InlineData("0o17", "15")]
    [InlineData("0x7FFFFFFFFFFFFFFF", "9223372036854775807")]
    [InlineData("0x00000000000000000001", "1")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("-0x10", "\"-0x10\"")]
    [InlineData("0X10", "\"0X10\"")]
    [InlineData("0o18", "\"0o18\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData(".", "\".\"")]
    [InlineData("+", "\"\\u002B\"")]
    [InlineData("-.nan", "\"-.nan\"")]
    public void Read_number_is_that_of_the_core_schema(string yaml, string json) => Assert.Equal($"[{json}]", JsonOf($"[{yaml}]"));

    [Theory]
    [InlineData("!!str 1", "\"1\"")]
    [InlineData("! 1", "\"1\"")]
    [InlineData("!!str", "\"\"")]
    [InlineData("!!int \"0x10\"", "16")]
    [InlineData("!!float '1.5'", "1.5")]
    [InlineData("!!bool 'true'", "true")]
    [InlineData("!!null ''", "null")]
    [InlineData("!!map {b: !!seq [1]}", """{"b":[1]}""")]
    public void Read_tag_says_what_a_value_is(string yaml, string json) => Assert.Equal($$"""{"a":{{json}}}""", JsonOf($"a: {yaml}"));

    [Fact]
    public void Read_keeps_numbers_as_written_for_who_takes_texts_and_every_place()
    {
        var node = Read("a: 007\nb:\n  - 0x10\n", out _)!;

        Assert.Equal(("007", "7"), (node.Find("a")!.Text, node.Find("a")!.Number));
        var inner = node.Find("b")!.Items[0];
        Assert.Equal(("0x10", 3, 5), (inner.Text, inner.Line, inner.Column));
    }

    [Theory]
    [InlineData("base: &b {rate: 1, per: 2}\ngold:\n  <<: *b\n  rate: 5", """{"base":{"rate":1,"per":2},"gold":{"rate":5,"per":2}}""")]
    [InlineData("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}", """{"a":{"x":1},"b":{"x":2,"y":2},"c":{"x":1,"y":2}}""")]
    [InlineData("a: &a 1\nb: &a 2\nc: *a", """{"a":1,"b":2,"c":2}""")]
    [InlineData("&k key: *k", """{"key":"key"}""")]
    [InlineData("a: &a x\nb: {*a : 1}", """{"a":"x","b":{"x":1}}""")]
    [InlineData("'<<': 1", """{"\u003C\u003C":1}""")]
    public void Read_follows_anchors_and_merge_keys(string yaml, string json) => Assert.Equal(json, JsonOf(yaml));

    [Fact]
    public void ReadAll_gives_each_document()
    {
        var problems = new SourceProblems("a.yaml");

        var documents = YamlSource.ReadAll("a: 1\n---\nb: 2\n---\n"u8, problems)!;

        Assert.Equal(["{\"a\":1}", "{\"b\":2}", "null"], documents.Select(document => document.ToJson().GetRawText()));
        Assert.Empty(YamlSource.ReadAll("# nothing\n"u8, problems)!);
        Assert.Empty(problems.All);
    }

    [Theory]
    [InlineData("a: [1", "a.yaml:")]
    [InlineData("ok: 1\na: 1\na: 2", "a.yaml:3:1: a: is there twice: remove one.")]
    [InlineData("<<: {a: 1}\n<<: {b: 1}", "a.yaml:2:1: <<: is there twice")]
    [InlineData("ok: 1\nrate: .inf", "a.yaml:2:7: .inf is no number that a policy can have; -1 is unlimited.")]
    [InlineData("rate: -.INF", "-.INF is no number")]
    [InlineData("rate: .NaN", ".NaN is no number")]
    [InlineData("rate: 0xFFFFFFFFFFFFFFFF", "a.yaml:1:7: 0xFFFFFFFFFFFFFFFF is larger than 9223372036854775807")]
    [InlineData("rate: 0o1000000000000000000000", "is larger than 9223372036854775807")]
    [InlineData("? [x]\n: 1", "a.yaml:1:3: a field's name must be a text.")]
    [InlineData("a: &a [1]\nb: {*a : 1}", "a field's name must be a text.")]
    [InlineData("a:\n  <<: 1", "a.yaml:2:7: << takes an object")]
    [InlineData("a:\n  <<: [{b: 1}, 2]", "a.yaml:2:16: << takes an object")]
    [InlineData("a: !secret x", "a.yaml:1:4: has the tag !secret, which means nothing here: remove it.")]
    [InlineData("a: !!binary eA==", "has the tag tag:yaml.org,2002:binary, which means nothing here")]
    [InlineData("a: !!set {x}", "which means nothing here")]
    [InlineData("a: !!int x", "has the tag !!int, but is the text \"x\"")]
    [InlineData("a: *b", "*b has no anchor &b that is complete above it.")]
    [InlineData("a: &a [*a]", "*a has no anchor &a that is complete above it.")]
    [InlineData("a: &a 1\n---\nb: *a", "*a has no anchor")]
    [InlineData("a: 1\n---\nb: 2", "a.yaml:3: is a second document")]
    [InlineData("", "a.yaml: is empty.")]
    public void Read_of_what_is_wrong_names_the_line(string yaml, string problem)
    {
        Assert.Null(Read(yaml, out var problems));
        Assert.Contains(problem, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_tells_every_wrong_value_at_once()
    {
        Assert.Null(Read("a: .inf\nb: .nan\nb: 1", out var problems));

        Assert.Equal([1, 2, 3], problems.Select(problem => problem.Line));
    }

    [Fact]
    public void Read_of_bytes_that_are_no_text_says_so()
    {
        var problems = new SourceProblems("a.yaml");

        Assert.Null(YamlSource.Read([(byte)'a', 0xFF], problems));
        Assert.Contains("UTF-8", Assert.Single(problems.All).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,2,3,4,5,6,7,8,9,10]", "[{0}]")]
    [InlineData("{a: 1, b: 2, c: 3}", "[{0}]")]
    [InlineData("{a: 1}", "{{{1}}}")]
    public void Read_of_aliases_that_make_too_much_of_a_small_file_is_refused(string first, string next)
    {
        var yaml = new StringBuilder($"a0: &a0 {first}\n");
        for (int level = 1; level <= 9; level++)
        {
            string list = string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10));
            string map = string.Join(',', Enumerable.Range(0, 10).Select(name => $"k{name}: *a{level - 1}"));
            yaml.Append($"a{level}: &a{level} ").AppendFormat(null, next, list, map).Append('\n');
        }

        Assert.Null(Read(yaml.ToString(), out var problems));
        Assert.Contains("aliases make more than 1000000 values", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_aliases_that_nest_too_deeply_is_refused()
    {
        string yaml = "a0: &a0 [1]\n" + string.Concat(Enumerable.Range(1, 70).Select(level => $"a{level}: &a{level} [*a{level - 1}]\n"));

        Assert.Null(Read(yaml, out var problems));
        Assert.Contains("nested deeper than 64 levels", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.Null(Read(new string('[', 70) + new string(']', 70), out problems));
        Assert.Contains("nested deeper than 64 levels", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_large_file_whose_aliases_stand_for_little_is_not_refused()
    {
        string yaml = "a: &a {x: 1}\nb:\n" + string.Concat(Enumerable.Repeat("  - *a\n", 20_000));

        Assert.Equal(20_000, Read(yaml, out _)!.Find("b")!.Items.Count);
    }

    private static SourceNode? Read(string yaml, out IReadOnlyList<SourceProblem> problems)
    {
        var all = new SourceProblems("a.yaml");
        problems = all.All;
        return YamlSource.Read(Encoding.UTF8.GetBytes(yaml), all);
    }

    private static string JsonOf(string yaml)
    {
        var node = Read(yaml, out var problems);
        Assert.Empty(problems);
        return node!.ToJson().GetRawText();
    }
}
