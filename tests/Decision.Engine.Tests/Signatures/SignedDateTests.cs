using Decision.Engine.Signatures;

namespace Decision.Engine.Tests.Signatures;

public sealed class SignedDateTests
{
    private const long SkewUs = 300_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(SkewUs)]
    [InlineData(-SkewUs)]
    public void Verify_date_within_the_skew_is_valid(long offsetUs) =>
        Assert.Null(new SignedRequest { NowUs = SignedRequest.DateUs + offsetUs }.Problem());

    [Theory]
    [InlineData(SkewUs + 1, "is 301 s from this server's clock; at most 300 s are allowed")]
    [InlineData(-SkewUs - 1, "is 301 s from this server's clock; at most 300 s are allowed")]
    [InlineData(86_400_000_000, "is 86400 s from this server's clock")]
    public void Verify_date_beyond_the_skew_is_refused(long offsetUs, string part) =>
        Assert.Contains(part, new SignedRequest { NowUs = SignedRequest.DateUs + offsetUs }.Problem(), StringComparison.Ordinal);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Verify_now_at_the_ends_of_time_is_refused_without_overflow(long nowUs) =>
        Assert.Contains("from this server's clock", new SignedRequest { NowUs = nowUs }.Problem(), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Verify_unlimited_skew_takes_any_date_or_none(long clockSkewUs)
    {
        Assert.Null(new SignedRequest { NowUs = 0, ClockSkewUs = clockSkewUs }.Problem());
        SignedRequest undated = new() { Listed = "x-test", Text = "x-test: a value", ClockSkewUs = clockSkewUs };
        Assert.Null(undated.Problem());
        SignedRequest garbled = new() { Listed = null, Headers = [new("date", "yesterday")], Text = "date: yesterday", ClockSkewUs = clockSkewUs };
        Assert.Null(garbled.Problem());
    }

    [Fact]
    public void Verify_date_not_covered_is_refused_where_the_skew_counts() =>
        Assert.Equal(
            "The signature does not cover date or x-aux-date, so that it could be replayed: list one of them in headers.",
            new SignedRequest { Listed = "(request-target) x-test", Text = "(request-target): get /orders/1?full=true\nx-test: a value" }.Problem());

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 6 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 06 Nov 1994 09:49:37 +01")]
    [InlineData("Sun, 06 Nov 1994 09:49:37 +0100")]
    [InlineData("Sun, 06 Nov 1994 03:49:37 -05:00")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    public void Verify_every_form_of_a_date_is_the_same_moment(string date)
    {
        SignedRequest request = new() { Listed = null, Headers = [new("date", date)], Text = $"date: {date}", ClockSkewUs = 1 };
        Assert.Null(request.Problem());
        Assert.NotNull((request with { NowUs = SignedRequest.DateUs + 2 }).Problem());
    }

    [Theory]
    [InlineData("")]
    [InlineData("784111777")]
    [InlineData("1994-11-06T08:49:37Z")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 EST")]
    [InlineData("Sun, 31 Feb 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT")]
    public void Verify_what_is_no_date_is_refused(string date) =>
        Assert.StartsWith(
            "The signed date is not an HTTP date",
            new SignedRequest { Listed = null, Headers = [new("date", date)], Text = $"date: {date}" }.Problem(),
            StringComparison.Ordinal);
}
