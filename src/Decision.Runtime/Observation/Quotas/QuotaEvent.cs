namespace Decision.Runtime.Observation.Quotas;

/// <summary>A quota's use has reached a threshold, for the first time in its period.</summary>
public sealed record QuotaEvent
{
    /// <summary>Names the event; the same however often it is sent.</summary>
    public required string Id { get; init; }

    /// <summary>When it was reached.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The threshold, in percent of the quota.</summary>
    public required double Threshold { get; init; }

    /// <summary>Units that are used.</summary>
    public required long Used { get; init; }

    /// <summary>Units of the whole quota.</summary>
    public required long Max { get; init; }

    /// <summary>Where it is counted, as verdicts show it.</summary>
    public required string Scope { get; init; }

    /// <summary>What set the quota: a policy's id, or <c>key</c>, <c>organization</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>When the period ends; null = never.</summary>
    public DateTimeOffset? PeriodEnd { get; init; }

    /// <summary>The id of the key whose request reached it.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Its organisation.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>Its name for readers.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Whether all of it is used.</summary>
    public bool IsUsedUp => Used >= Max;
}
