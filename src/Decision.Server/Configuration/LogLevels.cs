namespace Decision.Server.Configuration;

/// <summary>
/// The log levels of the settings files, over what the files said at the start: they can be changed while the server runs. It is a source of
/// settings between the files and the environment, which goes on to count over the files.
/// </summary>
internal sealed class LogLevels : ConfigurationProvider, IConfigurationSource
{
    private const string Section = "Logging:";
    private const string Level = "LogLevel:";

    // The platform's own messages matter when something is wrong; a phase that is not Ready is told by this server itself.
    public static Dictionary<string, string?> Defaults { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",

        // Where its log is on at all, a trace is begun for every call, which costs as much as a decision. What fails is told by Kestrel too.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:LogLevel:Grpc"] = "Warning",
    };

    /// <summary>Whether a setting is a log level: of everything, or of one output, as <c>Logging:Console:LogLevel:Default</c>.</summary>
    public static bool Includes(string name)
    {
        if (!name.StartsWith(Section, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = name.AsSpan(Section.Length);
        return rest.StartsWith(Level, StringComparison.OrdinalIgnoreCase)
            || (rest.IndexOf(':') is > 0 and var colon && rest[(colon + 1)..].StartsWith(Level, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Adds a sentence for each log level that is none.</summary>
    public static void Check(IEnumerable<KeyValuePair<string, string?>> settings, ICollection<string> problems)
    {
        foreach (var (name, value) in settings.Where(setting => Includes(setting.Key) && !string.IsNullOrEmpty(setting.Value)))
        {
            if (!Enum.GetNames<LogLevel>().Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{name} is '{value}': write {string.Join(", ", Enum.GetNames<LogLevel>()[..^1])} or {LogLevel.None}.");
            }
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Has the levels of the files count from now on.</summary>
    /// <param name="settings">What the files say now.</param>
    /// <param name="atStart">What they said at the start, which lies under this source.</param>
    public void Take(IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string?> atStart)
    {
        var levels = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in atStart.Keys.Concat(settings.Keys).Where(Includes))
        {
            // One that left the files is as if it had never been there: null hides what lies under it.
            levels[name] = settings.GetValueOrDefault(name) ?? Defaults.GetValueOrDefault(name);
        }

        Data = levels;
        OnReload();
    }
}
