namespace Decision.Console.Hosting;

/// <summary>The console's settings.</summary>
public sealed record ConsoleOptions
{
    /// <summary>After which a session ends in which nobody does anything.</summary>
    /// <value>30 minutes.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After which a session ends in any case.</summary>
    /// <value>8 hours.</value>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>The server's version, for people.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whether refusals are observed, so that they can be shown.</summary>
    public bool ObservesRefusals { get; init; } = true;
}
