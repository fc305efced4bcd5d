using System.Text.RegularExpressions;

namespace Decision.Engine.Tests.Cases;

/// <summary>The cases together leave out nothing that they could show.</summary>
public sealed partial class CaseCoverageTests
{
    // Keys' hashes and the Tyk REST routes are no matter of merging or deciding.
    private static readonly int[] ElsewhereDifferences = [12, 14];

    [Fact]
    public void Rules_of_all_cases_name_every_difference()
    {
        var named = CaseFile.All.Values.SelectMany(one => Difference().Matches(one.Rule)).Select(match => match.Value).ToHashSet();
        var missing = Enumerable.Range(1, 26).Except(ElsewhereDifferences).Select(number => $"D{number}").Where(name => !named.Contains(name));
        Assert.Empty(missing);
    }

    [Fact]
    public void Verdicts_of_all_cases_have_every_reason()
    {
        var expected = CaseFile.All.Values.SelectMany(one => one.Requests)
            .Select(step => step.Expect).OfType<ExpectedVerdict>()
            .Select(verdict => verdict.Reason ?? "ALLOWED").ToHashSet();
        var missing = Enum.GetValues<Reason>()
            .Except([Reason.Unspecified, Reason.StoreUnavailable])
            .Select(MergeText.Reason).Where(reason => !expected.Contains(reason));
        Assert.Empty(missing);
    }

    [Fact]
    public void Cases_are_not_fewer_than_were_written() => Assert.True(CaseFile.All.Count >= 343, $"Only {CaseFile.All.Count} cases were found.");

    [GeneratedRegex(@"\bD\d+\b")]
    private static partial Regex Difference();
}
