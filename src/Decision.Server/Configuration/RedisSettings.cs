namespace Decision.Server.Configuration;

/// <param name="Configuration">The connection string; may hold a password.</param>
/// <param name="SentinelUser">As whom Sentinels are asked; null = the default user.</param>
/// <param name="SentinelPassword">What Sentinels ask for; null = nothing.</param>
/// <param name="Prefix">What every name begins with.</param>
/// <param name="Timeout">How long a decision waits.</param>
/// <param name="AdminTimeout">How long administration waits.</param>
/// <param name="BreakDuration">How long nothing is asked after repeated failures.</param>
internal sealed record RedisSettings(
    string Configuration, string? SentinelUser, string? SentinelPassword, string Prefix, TimeSpan Timeout, TimeSpan AdminTimeout, TimeSpan BreakDuration);
