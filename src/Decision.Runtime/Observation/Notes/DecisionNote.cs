using Decision.Engine;
using Decision.Engine.Grants;

namespace Decision.Runtime.Observation.Notes;

/// <summary>What is kept of one decision for people: everything but secrets.</summary>
public sealed record DecisionNote
{
    /// <summary>As the answer has it.</summary>
    public required string DecisionId { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took inside the service.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How many decisions like this one it stands for: one in so many is noted.</summary>
    public int OneIn { get; init; } = 1;

    /// <summary>Why the verdict is what it is.</summary>
    public required Reason Reason { get; init; }

    /// <summary>What a limit in shadow would have refused it for; <see cref="Reason.Unspecified"/> = nothing.</summary>
    public Reason ShadowedReason { get; init; }

    /// <summary>What decided a denial: a policy's id, or <c>key</c>, <c>api</c>, <c>organization</c>; empty = nothing did.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The key's grant; null = no key was known.</summary>
    public Grant? Grant { get; init; }

    /// <summary>The API, as it was found or as the caller named it.</summary>
    public string ApiId { get; init; } = "";

    /// <summary>The API's version, as the caller named it.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>The method.</summary>
    public string Method { get; init; } = "";

    /// <summary>The host, as the caller named it.</summary>
    public string Host { get; init; } = "";

    /// <summary>The path without its query, with what may be a key masked.</summary>
    public string Path { get; init; } = "";

    /// <summary>The client's address, as the caller named it.</summary>
    public string ClientIp { get; init; } = "";

    /// <summary>Units asked for.</summary>
    public long Cost { get; init; }

    /// <summary>Microseconds after which it can pass; 0 = no waiting helps.</summary>
    public long RetryAfterUs { get; init; }

    /// <summary>Nothing was to be spent.</summary>
    public bool IsPeek { get; init; }

    /// <summary>The store failed.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>Answered again for an idempotency key.</summary>
    public bool IsReplay { get; init; }

    /// <summary>The trace that it is in; empty = it is not traced.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>Whether it let the request through.</summary>
    public bool IsAllowed => Reason == Reason.Allowed;

    /// <summary>The key's id; empty = no key was known.</summary>
    public string KeyId => Grant?.KeyId ?? "";

    /// <summary>The key's organisation; empty = none.</summary>
    public string OrganizationId => Grant?.OrganizationId ?? "";
}
