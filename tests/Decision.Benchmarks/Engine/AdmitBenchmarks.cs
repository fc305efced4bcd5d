using BenchmarkDotNet.Attributes;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Limits;

namespace Decision.Benchmarks.Engine;

/// <summary>The engine's part of a decision, with a compiled grant and without the counters.</summary>
[MemoryDiagnoser]
public class AdmitBenchmarks
{
    private const long NowUs = 1_790_000_000_000_000;

    private RuleSet _rules = RuleSet.Empty;
    private Grant? _grant;
    private AccessRequest _request;
    private ChargeOutcomes _outcomes;

    [Params(0, 1, 50)]
    public int AllowedUrls { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var policies = Samples.Policies(1, 1, urls: Samples.Urls(AllowedUrls));
        _rules = RuleSet.Empty with { Policies = Samples.Set(policies) };
        _grant = GrantCompiler.Compile(Samples.Key(policies), _rules.Policies, GrantOptions.Default);
        _request = new AccessRequest(Samples.Api, "GET", Samples.LastPath);
        var outcomes = default(ChargeOutcomes);
        outcomes[0] = outcomes[1] = new LimitTest(Refused: false, 1, 999, 1_000_000, 0);
        _outcomes = outcomes;
        if (!AdmitAndConclude().IsAllowed || Admit().Charges.Count != 2)
        {
            throw new InvalidOperationException("The request is not admitted, or not charged on rate and quota.");
        }
    }

    [Benchmark]
    public Admission Admit() => DecisionEngine.Admit(in _request, _rules, KeyPresence.Found, _grant, NowUs);

    [Benchmark]
    public Verdict AdmitAndConclude()
    {
        var admission = DecisionEngine.Admit(in _request, _rules, KeyPresence.Found, _grant, NowUs);
        return DecisionEngine.Conclude(in admission, in _outcomes);
    }
}
