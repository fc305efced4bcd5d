namespace Decision.Runtime.Observation.Usage;

/// <summary>How the use over time is kept.</summary>
public sealed class UsageOptions
{
    /// <summary>Days that are kept; 0 = it is not counted.</summary>
    /// <value>0.</value>
    public int Days { get; set; }

    /// <summary>Ids of a kind that a day has at most.</summary>
    /// <value>10,000.</value>
    public int MaxIds { get; set; } = 10_000;

    /// <summary>How often counts are taken to the store; a kill loses what came since.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(10);
}
