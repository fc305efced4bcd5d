using Decision.Cli.Failures;
using Decision.Cli.Values;

namespace Decision.Cli.Tests.Values;

/// <summary>Values as people write and read them.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("300", 300)]
    [InlineData("500ms", 0.5)]
    [InlineData("5m", 300)]
    [InlineData("12h", 43200)]
    [InlineData("30d", 2592000)]
    [InlineData("2w", 1209600)]
    public void Read_duration_takes_every_unit(string text, double seconds) => Assert.Equal(seconds, DurationText.Read(text, "--x").TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-5m")]
    [InlineData("5 minutes")]
    [InlineData("1e9d")]
    [InlineData("99999999d")]
    public void Read_no_duration_is_wrong_use_and_names_the_option(string text)
    {
        var wrong = Assert.Throws<CommandException>(() => DurationText.Read(text, "--overlap"));

        Assert.Equal(ExitCode.WrongUse, wrong.ExitCode);
        Assert.Contains("--overlap", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "0.5s")]
    [InlineData(60, "1m")]
    [InlineData(61, "1m 1s")]
    [InlineData(90000, "1d 1h")]
    [InlineData(2591999.6, "30d")]
    [InlineData(3599.9, "1h")]
    public void Write_duration_shows_two_units_at_most(double seconds, string text) => Assert.Equal(text, DurationText.Write(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("10/1s", 10, 1)]
    [InlineData("0.5/1m", 0.5, 60)]
    [InlineData("100/m", 100, 60)]
    [InlineData("unlimited", -1, 0)]
    [InlineData("none", 0, 0)]
    public void ReadRate_takes_requests_per_time(string text, double rate, double per) => Assert.Equal((rate, per), LimitArgument.ReadRate(text, "--rate"));

    [Theory]
    [InlineData("10")]
    [InlineData("fast/1s")]
    [InlineData("-1/1s")]
    [InlineData("10/0s")]
    [InlineData("10/fortnight")]
    [InlineData("1/2/3")]
    public void ReadRate_malformed_is_wrong_use(string text) => Assert.Throws<CommandException>(() => LimitArgument.ReadRate(text, "--rate"));

    [Theory]
    [InlineData("1000/30d", 1000, 2592000, "")]
    [InlineData("1000/month", 1000, 0, "month")]
    [InlineData("5/once", 5, -1, "")]
    [InlineData("unlimited", -1, 0, "")]
    public void ReadQuota_takes_units_per_time_or_period(string text, long max, long renewal, string period) =>
        Assert.Equal((max, renewal, period), LimitArgument.ReadQuota(text, "--quota"));

    [Theory]
    [InlineData("1000")]
    [InlineData("0/month")]
    [InlineData("1.5/month")]
    [InlineData("5/year of ours")]
    public void ReadQuota_malformed_is_wrong_use(string text) => Assert.Throws<CommandException>(() => LimitArgument.ReadQuota(text, "--quota"));

    [Fact]
    public void Read_date_without_zone_is_utc() =>
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero), DateText.Read("2027-01-31 12:00", "--expires"));

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("12:00")]
    public void Read_no_date_is_wrong_use(string text) => Assert.Throws<CommandException>(() => DateText.Read(text, "--expires"));
}
