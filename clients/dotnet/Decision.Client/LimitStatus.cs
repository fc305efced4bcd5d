namespace Decision.Client;

/// <summary>One limit, and how much of it is left.</summary>
public sealed record LimitStatus
{
    /// <summary><c>rate</c> or <c>quota</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Which counter: <c>key</c>, <c>policy:ID</c>, <c>api:ID</c> or <c>endpoint:API:METHOD:PATTERN</c> of the key; <c>api_wide:ID</c> and
    /// <c>organization</c> are shared.
    /// </summary>
    public required string Scope { get; init; }

    /// <summary>The most that is allowed in a period, in units. -1 = unlimited.</summary>
    public required long Limit { get; init; }

    /// <summary>What is left after this request, in units. -1 = unlimited.</summary>
    public required long Remaining { get; init; }

    /// <summary>The length of the period; of a calendar period, the length of the current one. Null = it never renews, or is unlimited.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>
    /// The part of the calendar that a quota goes by: <c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>. Empty = a length of time counts, or none.
    /// </summary>
    public string QuotaPeriod { get; init; } = "";

    /// <summary>How long until the limit is whole again if nothing more is spent. Null = nothing is used, it never renews, or is unlimited.</summary>
    public TimeSpan? ResetAfter { get; init; }

    /// <summary>True = this limit refuses the request. Several may.</summary>
    public bool IsDenied { get; init; }

    /// <summary>Where the limit was written: a policy id, or <c>key</c>, <c>api</c> or <c>organization</c>.</summary>
    public string Origin { get; init; } = "";
}
