namespace Decision.Engine.Effects;

/// <summary>What a change of policies changes for a key.</summary>
public enum EffectKind
{
    /// <summary>Whether the key may be used at all: before and after say why not, or <c>usable</c>.</summary>
    KeyState,

    /// <summary>An API is no longer granted.</summary>
    ApiLost,

    /// <summary>An API is granted that was not.</summary>
    ApiGained,

    /// <summary>The rate in force.</summary>
    Rate,

    /// <summary>The quota in force.</summary>
    Quota,

    /// <summary>The counter that the quota is counted on; it is counted anew.</summary>
    QuotaCounter,

    /// <summary>Whose counters are spent on: the key's own, or ones that keys share.</summary>
    SharedCounters,

    /// <summary>The deepest query.</summary>
    QueryDepth,

    /// <summary>The versions that may be called.</summary>
    Versions,

    /// <summary>The paths and methods that may be called.</summary>
    Paths,

    /// <summary>Rates of single endpoints.</summary>
    EndpointRates,

    /// <summary>The addresses that the key may be used from.</summary>
    Addresses,

    /// <summary>How limits are kept: when the store fails, by leases, in shadow.</summary>
    LimitBehavior,

    /// <summary>GraphQL types, fields and introspection, which the proxy is told.</summary>
    GraphqlRules,

    /// <summary>Whether requests must be signed.</summary>
    Signature,

    /// <summary>When the key expires.</summary>
    Expiry,

    /// <summary>The tags in answers: before = those that go, after = those that come.</summary>
    Tags,

    /// <summary>The metadata in answers; after = the names whose values change.</summary>
    Metadata,
}
