using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Steps;
using Decision.TestKit;

namespace Decision.Engine.Tests.Steps;

public sealed class DecisionEngineTests
{
    [Fact]
    public void Admit_and_Conclude_allocate_nothing()
    {
        var scene = new Scene();
        var outcomes = default(ChargeOutcomes);
        long bytes = AllocatedBy(scene, outcomes, isAllowed: true);

        Assert.Equal(0, bytes);
    }

    [Fact]
    public void Admit_and_Conclude_of_a_refusal_allocate_nothing()
    {
        var scene = new Scene();
        var outcomes = default(ChargeOutcomes);
        outcomes[3] = new LimitTest(true, 1000, 0, 5, 5);
        long bytes = AllocatedBy(scene, outcomes, isAllowed: false);

        Assert.Equal(0, bytes);
    }

    [Theory]
    [InlineData(Fault.Key)]
    [InlineData(Fault.Inactive)]
    [InlineData(Fault.Expired)]
    [InlineData(Fault.Api)]
    [InlineData(Fault.Version)]
    [InlineData(Fault.Path)]
    [InlineData(Fault.Depth)]
    [InlineData(Fault.Address)]
    public void Admit_of_a_denial_allocates_nothing(Fault fault)
    {
        long bytes = AllocatedBy(new Scene(fault), default, isAllowed: false);

        Assert.Equal(0, bytes);
    }

    [Fact]
    public void Admit_public_path_allocates_nothing()
    {
        var scene = new Scene();
        var request = scene.Request with { Path = "/a/health" };
        bool all = true;
        long bytes = Allocations.SteadyStateOf(() => all &= DecisionEngine.Admit(in request, scene.Rules, KeyPresence.Missing, null, Scene.NowUs).Verdict.IsAllowed);

        Assert.Equal(0, bytes);
        Assert.True(all);
    }

    [Theory]
    [InlineData(Fault.Key)]
    [InlineData(Fault.Signature)]
    [InlineData(Fault.Organization)]
    [InlineData(Fault.Inactive)]
    [InlineData(Fault.Expired)]
    [InlineData(Fault.Path)]
    [InlineData(Fault.Address)]
    public void Conclude_what_was_denied_before_the_counters_stays_denied(Fault fault)
    {
        var scene = new Scene(fault);
        var request = scene.Request;
        var explained = DecisionEngine.Explain(in request, scene.Rules, scene.Presence, scene.Grant, Scene.NowUs, out _);
        var outcomes = new CounterTable().Spend(explained.Charges, request.Units, Scene.NowUs);

        var verdict = DecisionEngine.Conclude(in explained, in outcomes);

        Assert.False(verdict.IsAllowed);
        Assert.Equal(explained.Verdict.Reason, verdict.Reason);
        Assert.Equal(explained.Verdict.Origin, verdict.Origin);
        Assert.Equal(0, verdict.RetryAfterUs);
    }

    [Fact]
    public void Explain_every_fault_at_once_tells_each_step_that_can_be_looked_at()
    {
        var scene = new Scene(Fault.Signature, Fault.Inactive, Fault.Expired, Fault.Version, Fault.Path, Fault.Depth, Fault.Address);
        var request = scene.Request;
        DecisionEngine.Explain(in request, scene.Rules, scene.Presence, scene.Grant, Scene.NowUs, out var findings);

        Assert.Equal(
            [
                (StepKind.Mapping, Reason.Allowed),
                (StepKind.Key, Reason.Allowed),
                (StepKind.Signature, Reason.SignatureInvalid),
                (StepKind.Policies, Reason.Allowed),
                (StepKind.Active, Reason.KeyInactive),
                (StepKind.Expiry, Reason.KeyExpired),
                (StepKind.Api, Reason.Allowed),
                (StepKind.Version, Reason.VersionNotGranted),
                (StepKind.Path, Reason.PathNotGranted),
                (StepKind.Depth, Reason.QueryTooDeep),
                (StepKind.Address, Reason.IpNotGranted),
            ],
            findings.Select(finding => (finding.Step, finding.Reason)));
        Assert.All(findings, finding => Assert.NotEqual("", finding.Sentence));
    }

    [Fact]
    public void Order_has_every_step_once() =>
        Assert.Equal(Enum.GetValues<StepKind>(), DecisionEngine.Order.ToArray());

    private static long AllocatedBy(Scene scene, ChargeOutcomes outcomes, bool isAllowed)
    {
        var request = scene.Request;
        bool all = true;
        long bytes = Allocations.SteadyStateOf(() =>
        {
            var admission = DecisionEngine.Admit(in request, scene.Rules, scene.Presence, scene.Grant, Scene.NowUs);
            var verdict = admission.IsFinal ? admission.Verdict : DecisionEngine.Conclude(in admission, in outcomes);
            all &= verdict.IsAllowed == isAllowed;
        });

        Assert.True(all);
        return bytes;
    }
}
