using Decision.Server.Configuration;

namespace Decision.Server.WebConsole;

/// <summary>Reads the settings of the web console.</summary>
internal static class ConsoleSettingsReader
{
    private const string Idle = "Console:IdleTimeout";
    private const string Lifetime = "Console:SessionLifetime";
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    public static ConsoleSettings Read(SettingsReader reader)
    {
        var settings = new ConsoleSettings(
            reader.Flag("Console:Enabled", ConsoleSettings.Default.IsEnabled),
            reader.Duration(Idle, ConsoleSettings.Default.IdleTimeout, TimeSpan.FromHours(24), Shortest),
            reader.Duration(Lifetime, ConsoleSettings.Default.SessionLifetime, TimeSpan.FromDays(7), Shortest));
        if (settings.IdleTimeout > settings.SessionLifetime && reader.Text(Idle) is { } idle)
        {
            reader.Wrong(Idle, idle, $"{Lifetime} is shorter; write no more than that");
        }

        return settings;
    }
}
