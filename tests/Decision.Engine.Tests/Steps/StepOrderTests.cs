namespace Decision.Engine.Tests.Steps;

/// <summary>The first failure in the order of the rules is the reason, whatever else is wrong.</summary>
public sealed class StepOrderTests
{
    private static readonly Dictionary<Fault, Reason> Reasons = new()
    {
        [Fault.Mapping] = Reason.ApiUnknown,
        [Fault.Key] = Reason.KeyUnknown,
        [Fault.Signature] = Reason.SignatureInvalid,
        [Fault.Policies] = Reason.PolicyMissing,
        [Fault.Organization] = Reason.OrganizationMismatch,
        [Fault.Inactive] = Reason.KeyInactive,
        [Fault.Expired] = Reason.KeyExpired,
        [Fault.Api] = Reason.ApiNotGranted,
        [Fault.Version] = Reason.VersionNotGranted,
        [Fault.Path] = Reason.PathNotGranted,
        [Fault.Depth] = Reason.QueryTooDeep,
        [Fault.Address] = Reason.IpNotGranted,
        [Fault.OrganizationRate] = Reason.OrganizationRateLimited,
        [Fault.OrganizationQuota] = Reason.OrganizationQuotaExceeded,
        [Fault.ApiRate] = Reason.ApiRateLimited,
        [Fault.KeyRate] = Reason.RateLimited,
        [Fault.KeyQuota] = Reason.QuotaExceeded,
    };

    public static TheoryData<Fault, Fault> Pairs
    {
        get
        {
            var pairs = new TheoryData<Fault, Fault>();
            foreach (var first in Enum.GetValues<Fault>())
            {
                foreach (var second in Enum.GetValues<Fault>().Where(second => second > first))
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>()];

    [Fact]
    public void Decide_nothing_wrong_is_allowed_on_every_counter()
    {
        var verdict = new Scene().Decide();

        Assert.True(verdict.IsAllowed);
        Assert.Equal(5, verdict.Charges.Count);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Decide_one_fault_is_its_reason(Fault fault)
    {
        var verdict = new Scene(fault).Decide();

        Assert.False(verdict.IsAllowed);
        Assert.Equal(Reasons[fault], verdict.Reason);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Decide_two_faults_is_the_earlier_ones_reason(Fault first, Fault second) =>
        Assert.Equal(Reasons[first], new Scene(first, second).Decide().Reason);

    [Fact]
    public void Decide_all_faults_is_the_first_ones_reason() =>
        Assert.Equal(Reason.ApiUnknown, new Scene(Enum.GetValues<Fault>()).Decide().Reason);
}
