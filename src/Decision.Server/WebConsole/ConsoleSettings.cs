namespace Decision.Server.WebConsole;

/// <summary>Settings of the web console.</summary>
/// <param name="IsEnabled">Whether it is served.</param>
/// <param name="IdleTimeout">After which a session ends in which nobody does anything.</param>
/// <param name="SessionLifetime">After which a session ends in any case.</param>
/// <param name="IsAskedFor">Whether somebody wrote that it is to be served, which a server without it says something to.</param>
internal sealed record ConsoleSettings(bool IsEnabled, TimeSpan IdleTimeout, TimeSpan SessionLifetime, bool IsAskedFor = false)
{
    public static ConsoleSettings Default { get; } = new(true, TimeSpan.FromMinutes(30), TimeSpan.FromHours(8));
}
