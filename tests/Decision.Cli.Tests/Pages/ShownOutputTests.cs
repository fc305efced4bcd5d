namespace Decision.Cli.Tests.Pages;

public sealed class ShownOutputTests
{
    [Theory]
    [InlineData("key id  cHxs33k1L6hZAo2t", "key id   ABCDEFGHIJKLMNOP")]
    [InlineData("expires 2026-12-30 08:11:51 UTC (in 30d)", "expires 2027-01-01 00:00:00 UTC (in 29d)")]
    [InlineData("again in 59m 53s", "again in 1h")]
    [InlineData("dk_cHxs33k1L6hZAo2t_...", "dk_ABCDEFGHIJKLMNOP_Zz09")]
    [InlineData("...", "")]
    public void FirstMissing_other_id_or_moment_is_the_same(string shown, string came) => Assert.Null(ShownOutput.FirstMissing([shown], came));

    [Fact]
    public void FirstMissing_line_that_did_not_come_is_told() =>
        Assert.Equal("rate 3  2 left", ShownOutput.FirstMissing(["allowed", "...", "rate 3  2 left"], "allowed\nrate 3  1 left\n"));

    [Fact]
    public void FirstMissing_lines_in_another_order_are_told() => Assert.Equal("a", ShownOutput.FirstMissing(["b", "a"], "a\nb"));
}
