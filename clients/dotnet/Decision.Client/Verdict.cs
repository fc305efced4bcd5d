using System.Text.Json;

namespace Decision.Client;

/// <summary>May the request pass, why, and what the client should be told.</summary>
public sealed record Verdict
{
    /// <summary>True = let the request through. The only thing to decide by.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>
    /// Why: <see cref="Reason.Allowed"/>, the reason of a denial, or <see cref="Reason.ServiceUnavailable"/> where the failure mode answered.
    /// A value that this enumeration does not name comes from a newer service, and is a denial.
    /// </summary>
    public required Reason Reason { get; init; }

    /// <summary>The HTTP status to send: 200 where allowed, else 400 to 599.</summary>
    public required int HttpStatus { get; init; }

    /// <summary>The denial as a sentence for the client; empty where allowed. For people: programs go by <see cref="Reason"/>.</summary>
    public string Message { get; init; } = "";

    /// <summary>What decided a denial: a policy id, or <c>key</c>, <c>api</c> or <c>organization</c>. Not for the client. Empty where allowed.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The id of the key, safe to log. Empty = no key was found, or none was needed.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>The key's organisation. Empty = the organisation of that name, or no key was found.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>The alias that the key was given. Empty = none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The tags of the key and its policies.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The policies that were applied, in the key's order.</summary>
    public IReadOnlyList<PolicyReference> Policies { get; init; } = [];

    /// <summary>Every limit that was tested, in the order of the decision, with its use after this request.</summary>
    public IReadOnlyList<LimitStatus> Limits { get; init; } = [];

    /// <summary>How long to wait until the same request can be allowed. Null = allowed, or waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The metadata of the key and its policies, a JSON object. Null = none.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>
    /// The id of the decision, as in the service's logs; of a remembered verdict, that of the decision that is remembered. Empty where the
    /// failure mode answered.
    /// </summary>
    public string DecisionId { get; init; } = "";

    /// <summary>The greatest GraphQL depth that the key may use on this API, in levels. 0 or -1 = unlimited.</summary>
    public int MaxQueryDepth { get; init; }

    /// <summary>True = the service's counters failed and the policy's <c>on_store_failure</c> stood in for them.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>The ids of policies that the key names and that were skipped since they are not loaded.</summary>
    public IReadOnlyList<string> MissingPolicies { get; init; } = [];

    /// <summary>The reason that would have refused the request, where a policy or the service runs in shadow mode. Null = none would.</summary>
    public Reason? ShadowedReason { get; init; }

    /// <summary>True = not asked: the service refused the same request less than a second ago, and it cannot be allowed yet.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>What went wrong, where the failure mode answered in place of the service. Null = the service answered.</summary>
    public ServiceFailure? Failure { get; init; }

    /// <summary>True = the client made this answer by its failure mode; <see cref="Failure"/> says why.</summary>
    public bool IsFromFailureMode => Failure is not null;
}
