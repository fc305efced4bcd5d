using Decision.Engine.Json;

namespace Decision.Engine.Tests.Json;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("-0.0e5", 0)]
    [InlineData("0e99999999999999999999", 0)]
    [InlineData("1000", 1000)]
    [InlineData("1e3", 1000)]
    [InlineData("1E+3", 1000)]
    [InlineData("1000.0", 1000)]
    [InlineData("10000e-1", 1000)]
    [InlineData("-1.5e1", -15)]
    [InlineData("1.20e1", 12)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775807.000", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0.000000000000000000001e21", 1)]
    public void ReadInteger_whole_number_however_written_is_exact(string text, long expected)
    {
        Assert.Null(JsonNumber.ReadInteger(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("10.5", "is not a whole number")]
    [InlineData("1e-1", "is not a whole number")]
    [InlineData("1e-99999999999999999999", "is not a whole number")]
    [InlineData("9223372036854775807.5", "is not a whole number")]
    [InlineData("9223372036854775808", "is out of range")]
    [InlineData("-9223372036854775809", "is out of range")]
    [InlineData("1e19", "is out of range")]
    [InlineData("1e400", "is out of range")]
    [InlineData("1e99999999999999999999", "is out of range")]
    public void ReadInteger_other_number_is_refused(string text, string problem) =>
        Assert.Equal(problem, JsonNumber.ReadInteger(text, out _));

    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("-1", -1)]
    [InlineData("1e3", 1000)]
    [InlineData("-0", 0)]
    [InlineData("0e5", 0)]
    [InlineData("4.9e-324", 4.9e-324)]
    public void ReadNumber_finite_number_is_read(string text, double expected)
    {
        Assert.Null(JsonNumber.ReadNumber(text, out var value));
        Assert.Equal(expected, value);
        Assert.False(value == 0 && double.IsNegative(value));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("0.5E-99999")]
    public void ReadNumber_number_that_would_become_infinite_or_not_set_is_refused(string text) =>
        Assert.Equal("is out of range", JsonNumber.ReadNumber(text, out _));
}
