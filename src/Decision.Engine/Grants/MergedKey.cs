using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Keys;

namespace Decision.Engine.Grants;

/// <summary>A key with its policies applied: a value computed from both, never written back to either.</summary>
public sealed record MergedKey
{
    /// <summary>The key as stored.</summary>
    public required Key Key { get; init; }

    /// <summary>The policies in force, in the key's order.</summary>
    public ImmutableArray<PolicyEntry> Policies { get; init; } = [];

    /// <summary>Policies that the key names and that could not be applied.</summary>
    public ImmutableArray<MissingPolicy> MissingPolicies { get; init; } = [];

    /// <summary>Why the policies cannot be applied; <see cref="Reason.Allowed"/> = they can.</summary>
    public Reason Failure { get; init; } = Reason.Allowed;

    /// <summary>The policy that failed; empty = none.</summary>
    public string FailureOrigin { get; init; } = "";

    /// <summary>A sentence on the failure, for explain and logs.</summary>
    public string FailureFinding { get; init; } = "";

    /// <summary>What switches the key off: a policy's id, or <c>key</c>; empty = nothing does.</summary>
    public string InactiveOrigin { get; init; } = "";

    /// <summary>Whether requests must be signed.</summary>
    public bool RequiresSignature { get; init; }

    /// <summary>Unix seconds; 0 or less = never.</summary>
    public long Expires { get; init; }

    /// <summary>The trial policy that set <see cref="Expires"/>, or <c>key</c>.</summary>
    public string ExpiresOrigin { get; init; } = "key";

    /// <summary>Unix seconds from which on the expired key is gone, and unknown; 0 = it stays, and answers that it is expired.</summary>
    public long RemovedAt { get; init; }

    /// <summary>The key's and its policies' tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The policies' metadata over the key's.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>Rights by API.</summary>
    public ImmutableSortedDictionary<string, MergedRight> Rights { get; init; } = ImmutableSortedDictionary<string, MergedRight>.Empty;

    /// <summary>The right on every API that <see cref="Rights"/> does not name; only a master key has one.</summary>
    public MergedRight? AnyApi { get; init; }

    /// <summary>True when neither the key nor a policy names any API.</summary>
    public bool IsMaster { get; init; }

    /// <summary>Limits at the root, for people; what counts is each right's.</summary>
    public MergedLimits Root { get; init; } = new();
}
