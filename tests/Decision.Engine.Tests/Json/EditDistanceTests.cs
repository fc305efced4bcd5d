using Decision.Engine.Json;

namespace Decision.Engine.Tests.Json;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("quota_max", "quota_max", 0)]
    [InlineData("QUOTA_MAX", "quota_max", 0)]
    [InlineData("qouta_max", "quota_max", 1)]
    [InlineData("quotamax", "quota_max", 1)]
    [InlineData("quota_maxx", "quota_max", 1)]
    [InlineData("kuota_mex", "quota_max", 2)]
    [InlineData("", "per", 3)]
    public void Between_counts_changes_and_swaps(string left, string right, int expected)
    {
        Assert.Equal(expected, EditDistance.Between(left, right));
        Assert.Equal(expected, EditDistance.Between(right, left));
    }

    [Theory]
    [InlineData("acces_right", "access_rights")]
    [InlineData("pre", "per")]
    [InlineData("quotaMax", "quota_max")]
    [InlineData("foo", null)]
    [InlineData("plan_name", null)]
    public void Nearest_suggests_only_what_is_a_slip(string name, string? expected) =>
        Assert.Equal(expected, EditDistance.Nearest(name, ["rate", "per", "quota_max", "access_rights", "name"]));
}
