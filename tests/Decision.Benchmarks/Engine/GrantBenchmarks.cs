using BenchmarkDotNet.Attributes;
using Decision.Engine.Grants;
using Decision.Engine.Keys;

namespace Decision.Benchmarks.Engine;

/// <summary>Merging a key with its policies and compiling the grant: paid once for each key and change of a policy, not by a request.</summary>
[MemoryDiagnoser]
public class GrantBenchmarks
{
    private Key _key = new();
    private PolicySet _policies = PolicySet.Empty;

    [Params("1 policy x 1 API", "5 policies x 20 APIs")]
    public string Policies { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var policies = Policies.StartsWith('1') ? Samples.Policies(1, 1) : Samples.Policies(5, 20);
        (_key, _policies) = (Samples.Key(policies), Samples.Set(policies));
    }

    [Benchmark]
    public MergedKey Merge() => KeyMerge.Apply(_key, _policies, GrantOptions.Default);

    [Benchmark]
    public Grant MergeAndCompile() => GrantCompiler.Compile(_key, _policies, GrantOptions.Default);
}
