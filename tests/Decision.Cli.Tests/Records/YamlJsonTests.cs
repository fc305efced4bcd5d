using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;

namespace Decision.Cli.Tests.Records;

/// <summary>YAML as the JSON that it stands for.</summary>
public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: -1.5e3", """{"a":-1500}""")]
    [InlineData("a: 0x10", """{"a":16}""")]
    [InlineData("a: \"1\"", """{"a":"1"}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: !!str 1", """{"a":"1"}""")]
    [InlineData("a: true\nb: False", """{"a":true,"b":false}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: ~\nb:\nc: null", """{"a":null,"b":null,"c":null}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: 10.0.0.0/8", """{"a":"10.0.0.0/8"}""")]
    [InlineData("a: [x, {b: 2}]", """{"a":["x",{"b":2}]}""")]
    [InlineData("1: x", """{"1":"x"}""")]
    [InlineData("a: |\n  two\n  lines\n", """{"a":"two\nlines\n"}""")]
    [InlineData("base: &b {rate: 1, per: 2}\ngold:\n  <<: *b\n  rate: 5", """{"base":{"rate":1,"per":2},"gold":{"rate":5,"per":2}}""")]
    [InlineData("# nothing\n[]", "[]")]
    public void Read_gives_the_json_that_it_stands_for(string yaml, string json) =>
        Assert.Equal(json, JsonText.WriteLine(Assert.Single(YamlJson.Read(yaml, "a.yaml"))!));

    [Fact]
    public void Read_of_several_documents_gives_each() =>
        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], YamlJson.Read("a: 1\n---\nb: 2\n", "a.yaml").Select(document => JsonText.WriteLine(document!)));

    [Theory]
    [InlineData("a: [1", "a.yaml:")]
    [InlineData("ok: 1\na: 1\na: 2", "a.yaml:")]
    [InlineData("ok: 1\nrate: .inf", ".inf is no number that a policy can have; -1 is unlimited.")]
    [InlineData("? [x]\n: 1", "a field's name must be a text.")]
    [InlineData("a:\n  <<: 1", "<< takes an object")]
    public void Read_of_what_json_cannot_say_names_the_line(string yaml, string problem) =>
        Assert.Contains(problem, Assert.Throws<CommandException>(() => YamlJson.Read(yaml, "a.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_of_aliases_that_make_too_much_of_a_small_file_is_refused()
    {
        string yaml = "a0: &a0 [1,2,3,4,5,6,7,8,9,10]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(level => $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n"));

        Assert.Contains("aliases", Assert.Throws<CommandException>(() => YamlJson.Read(yaml, "a.yaml")).Message, StringComparison.Ordinal);
    }
}
