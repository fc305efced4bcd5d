using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;

namespace Decision.Cli.PolicyTests;

/// <summary>Policies, APIs, organisations and keys at one moment; immutable, so that each case has its own.</summary>
internal sealed record TestWorld
{
    private readonly Dictionary<string, Grant> _grants;
    private RuleSet? _rules;

    private TestWorld(TestWorld other)
    {
        _grants = new Dictionary<string, Grant>(StringComparer.Ordinal);
        Options = other.Options;
        Policies = other.Policies;
        Apis = other.Apis;
        Organizations = other.Organizations;
        Keys = other.Keys;
    }

    public TestWorld() => _grants = new Dictionary<string, Grant>(StringComparer.Ordinal);

    /// <summary>The server's settings.</summary>
    public EngineOptions Options { get; init; } = EngineOptions.Default;

    public ImmutableDictionary<string, Policy> Policies { get; init; } = ImmutableDictionary<string, Policy>.Empty;

    public ImmutableDictionary<string, Api> Apis { get; init; } = ImmutableDictionary<string, Api>.Empty;

    public ImmutableDictionary<string, Organization> Organizations { get; init; } = ImmutableDictionary<string, Organization>.Empty;

    /// <summary>Keys by their names in the case.</summary>
    public ImmutableDictionary<string, Key> Keys { get; init; } = ImmutableDictionary<string, Key>.Empty;

    /// <summary>The same, as the engine takes it.</summary>
    public RuleSet Rules => _rules ??= MakeRules([]);

    /// <summary>Finds what is wrong with the registry as a whole: two APIs on one path.</summary>
    public void Check(FindingList findings) => _rules = MakeRules(findings);

    /// <summary>A key's grant; null = there is no such key.</summary>
    public Grant? GrantOf(string name)
    {
        if (!Keys.TryGetValue(name, out var key))
        {
            return null;
        }

        if (!_grants.TryGetValue(name, out var grant))
        {
            _grants[name] = grant = GrantCompiler.Compile(key, Rules.Policies, Options.Grants);
        }

        return grant;
    }

    private RuleSet MakeRules(FindingList findings) => new(
        new PolicySet(Policies.Values.Select(static policy => new PolicyEntry(policy, 1, "test"))),
        new ApiRegistry([.. Apis.Values.Select(api => new ApiEntry(api, 1, "test", Options.Grants))], findings),
        new OrganizationSet([.. Organizations.Values.Select(organization => new OrganizationEntry(organization, 1, Options.Grants))]),
        Options);
}
