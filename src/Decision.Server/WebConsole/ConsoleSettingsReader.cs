using Decision.Server.Configuration;

namespace Decision.Server.WebConsole;

/// <summary>Reads the settings of the web console.</summary>
internal static class ConsoleSettingsReader
{
    private const string Enabled = "Console:Enabled";
    private const string Idle = "Console:IdleTimeout";
    private const string Lifetime = "Console:SessionLifetime";
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    public static ConsoleSettings Read(SettingsReader reader)
    {
        bool isEnabled = reader.Flag(Enabled, ConsoleSettings.Default.IsEnabled);
        var settings = new ConsoleSettings(
            isEnabled,
            reader.Duration(Idle, ConsoleSettings.Default.IdleTimeout, TimeSpan.FromHours(24), Shortest),
            reader.Duration(Lifetime, ConsoleSettings.Default.SessionLifetime, TimeSpan.FromDays(7), Shortest),
            IsAskedFor: isEnabled && reader.Text(Enabled) is not null);
        if (settings.IdleTimeout > settings.SessionLifetime && reader.Text(Idle) is { } idle)
        {
            reader.Wrong(Idle, idle, $"{Lifetime} is shorter; write no more than that");
        }

        return settings;
    }
}
