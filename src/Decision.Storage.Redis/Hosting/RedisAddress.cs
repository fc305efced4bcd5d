namespace Decision.Storage.Redis.Hosting;

/// <summary>Where the store connects to, for a line of the log.</summary>
/// <param name="Text">Hosts and ports without credentials.</param>
public sealed record RedisAddress(string Text);
