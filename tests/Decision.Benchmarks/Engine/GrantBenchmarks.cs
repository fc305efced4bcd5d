using BenchmarkDotNet.Attributes;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Settings;

namespace Decision.Benchmarks.Engine;

/// <summary>
/// Merging a key with its policies and compiling the grant: paid once for each key and change of a policy, not by a request. A key that says
/// something itself pays for the whole, as the first one of its policies does; the others share what that one came to.
/// </summary>
[MemoryDiagnoser]
public class GrantBenchmarks
{
    private Key _key = new();
    private PolicySet _policies = PolicySet.Empty;

    // Alive, so that there is something to share.
    private Grant? _shared;

    [Params("1 policy x 1 API", "5 policies x 20 APIs")]
    public string Policies { get; set; } = "";

    [Params("whole", "shared")]
    public string Rights { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var policies = Policies.StartsWith('1') ? Samples.Policies(1, 1) : Samples.Policies(5, 20);
        var own = LimitSettings.None with { ThrottleRetryLimit = Rights == "whole" ? 1 : 0 };
        (_key, _policies) = (Samples.Key(policies) with { Limits = own }, Samples.Set(policies));
        _shared = MergeAndCompile();
        if (ReferenceEquals(_shared.Merged.Rights, Merge().Rights) != (Rights == "shared"))
        {
            throw new InvalidOperationException("The rights are shared where they should not be, or the other way round.");
        }
    }

    [Benchmark]
    public MergedKey Merge() => KeyMerge.Apply(_key, _policies, GrantOptions.Default);

    [Benchmark]
    public Grant MergeAndCompile() => GrantCompiler.Compile(_key, _policies, GrantOptions.Default);
}
