using System.Text;
using Decision.Runtime.Files;

namespace Decision.Runtime.Tests.Files;

public sealed class FieldChangesTests
{
    [Theory]
    [InlineData("""{"rate":3}""", """{"rate":3}""", "")]
    [InlineData("""{"rate":3}""", """{"rate":3.5,"per":1}""", "rate 3 -> 3.5, per not set -> 1")]
    [InlineData("""{"rate":3}""", "{}", "rate 3 -> not set")]
    [InlineData("""{"tags":["a"]}""", """{"tags":["a","b"]}""", """tags ["a"] -> ["a","b"]""")]
    [InlineData("""{"access_rights":{"x":{"limit":{"rate":1}}}}""", """{"access_rights":{"x":{"limit":{"rate":2}},"y":{}}}""",
        "access_rights.x.limit.rate 1 -> 2, access_rights.y added")]
    [InlineData("""{"partitions":{"acl":true}}""", "{}", "partitions removed")]
    [InlineData("""{"secret":{"a":1,"b":2}}""", """{"secret":{"a":2,"c":3}}""", "secret.a changed, secret.c added, secret.b removed")]
    [InlineData("""{"ignored":1}""", """{"ignored":2}""", "")]
    [InlineData("""{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1}""", "{}",
        "a 1 -> not set, b 1 -> not set, c 1 -> not set, d 1 -> not set, e 1 -> not set, f 1 -> not set, g 1 -> not set, h 1 -> not set and 2 more")]
    public void Between_names_each_field_with_both_values(string before, string after, string expected) =>
        Assert.Equal(expected, Between(before, after));

    [Fact]
    public void Between_shortens_long_values() =>
        Assert.Equal(
            $"name not set -> \"{new string('x', 56)}...", Between("{}", $$"""{"name":"{{new string('x', 100)}}"}"""));

    private static string Between(string before, string after) =>
        FieldChanges.Between(
            Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after), field => field == "secret", field => field == "ignored");
}
