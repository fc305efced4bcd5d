namespace Decision.Engine.Tests.Cases;

/// <summary>What a key and its policies merge to. What is not written is not compared.</summary>
internal sealed record ExpectedMerge
{
    public string Key { get; init; } = "";

    /// <summary>True = only the order that the key writes is tried; else every order of its policies must give the same.</summary>
    public bool InOrder { get; init; }

    public string? Failure { get; init; }

    public string? FailureOrigin { get; init; }

    /// <summary>What switches the key off; empty = nothing.</summary>
    public string? InactiveBy { get; init; }

    public bool? RequiresSignature { get; init; }

    /// <summary>A date, or <c>never</c>.</summary>
    public string? Expires { get; init; }

    public string? ExpiresFrom { get; init; }

    public List<string>? Tags { get; init; }

    /// <summary>The whole metadata; values as text.</summary>
    public Dictionary<string, string>? Metadata { get; init; }

    public List<string>? Policies { get; init; }

    public List<string>? MissingPolicies { get; init; }

    public bool? Master { get; init; }

    /// <summary>Every API with a right.</summary>
    public List<string>? Rights { get; init; }

    public Dictionary<string, ExpectedRight> Apis { get; init; } = [];

    public ExpectedRight? AnyApi { get; init; }

    public ExpectedRight? Root { get; init; }
}

/// <summary>The right on one API, or (limits only) the root.</summary>
internal sealed record ExpectedRight
{
    /// <summary><c>4/1</c>, <c>unlimited</c>, <c>none</c>; behind it the algorithm and the burst where they are written.</summary>
    public string? Rate { get; init; }

    public string? RateFrom { get; init; }

    public string? RateScope { get; init; }

    /// <summary><c>100/3600</c>, <c>100/never</c>, <c>100/day Europe/Berlin</c>, <c>unlimited</c>, <c>none</c>.</summary>
    public string? Quota { get; init; }

    public string? QuotaFrom { get; init; }

    public string? QuotaScope { get; init; }

    /// <summary>0 = not limited, as is -1, which somebody wrote.</summary>
    public int? Depth { get; init; }

    /// <summary>Interval and retries: <c>9/99</c>.</summary>
    public string? Throttle { get; init; }

    public List<string>? Versions { get; init; }

    public Dictionary<string, List<string>>? AllowedUrls { get; init; }

    public Dictionary<string, List<string>>? RestrictedTypes { get; init; }

    public Dictionary<string, List<string>>? AllowedTypes { get; init; }

    /// <summary><c>Type.field 3</c>.</summary>
    public List<string>? FieldDepths { get; init; }

    public bool? IntrospectionDisabled { get; init; }

    /// <summary><c>GET /users 10/60</c>, in the order in which they are tried.</summary>
    public List<string>? Endpoints { get; init; }

    public List<string>? AllowedIps { get; init; }

    public List<string>? GrantedBy { get; init; }

    public string? OnStoreFailureRate { get; init; }

    public string? OnStoreFailureQuota { get; init; }

    public string? LimitsMode { get; init; }

    public string? Enforcement { get; init; }
}
