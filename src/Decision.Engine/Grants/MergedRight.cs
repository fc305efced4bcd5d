using System.Collections.Immutable;
using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>What a key may do on one API, with its policies applied.</summary>
public sealed record MergedRight
{
    /// <summary>Access as merged: names, versions, urls and type lists. Its limits and endpoints stand beside it.</summary>
    public required AccessRight Access { get; init; }

    /// <summary>Limits in force.</summary>
    public required MergedLimits Limits { get; init; }

    /// <summary>Endpoint rates in force, in the order in which they are tried.</summary>
    public ImmutableArray<MergedEndpoint> Endpoints { get; init; } = [];

    /// <summary>Addresses that the policies allow; empty = any. The key's own list counts as well.</summary>
    public ImmutableArray<string> AllowedIps { get; init; } = [];

    /// <summary>How rates and endpoint rates are kept, wholly resolved.</summary>
    public required GrantBehavior RateBehavior { get; init; }

    /// <summary>How the quota is kept, wholly resolved.</summary>
    public required GrantBehavior QuotaBehavior { get; init; }

    /// <summary>Policies that grant the API, in their order; empty = the key itself does.</summary>
    public ImmutableArray<string> GrantedBy { get; init; } = [];

    /// <summary>What answers for a denial by this right: the first policy that grants the API, or <c>key</c>.</summary>
    public string Grantor => GrantedBy is [var policy, ..] ? policy : "key";
}
