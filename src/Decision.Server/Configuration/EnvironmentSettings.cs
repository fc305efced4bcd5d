using System.Collections;

namespace Decision.Server.Configuration;

/// <summary>The settings among the environment's variables.</summary>
/// <param name="Settings">Settings by name.</param>
/// <param name="Strays">Variables with our prefix that are none of ours.</param>
internal sealed record EnvironmentSettings(IReadOnlyDictionary<string, string?> Settings, IReadOnlyList<string> Strays)
{
    /// <summary>The prefix of environment variables that are settings.</summary>
    public const string Prefix = "DECISION_";

    private const string Separator = "__";

    // The command line tool's variables share the prefix: docs/cli.md.
    private static readonly HashSet<string> OfTheTool = new(
        ["ADDRESS", "ADMIN_SECRET", "API_KEY", "CA_FILE", "CERT_FILE", "CERT_KEY_FILE", "COMPLETION_TIMEOUT", "TIMEOUT", "TOKEN"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the variables of this process.</summary>
    public static EnvironmentSettings OfProcess() =>
        Of(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => ((string)entry.Key, (string?)entry.Value)));

    /// <summary>Reads variables. Every setting has a section, so a name without <c>__</c> belongs to someone else: a script's own, or what Kubernetes tells of a service.</summary>
    public static EnvironmentSettings Of(IEnumerable<(string Name, string? Value)> variables)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var strays = new List<string>();
        foreach (var (name, value) in variables)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name.Length == Prefix.Length)
            {
                continue;
            }

            string rest = name[Prefix.Length..];
            if (rest.Contains(Separator, StringComparison.Ordinal))
            {
                settings[rest.Replace(Separator, ":", StringComparison.Ordinal)] = value;
            }
            else if (!OfTheTool.Contains(rest))
            {
                strays.Add(name);
            }
        }

        strays.Sort(StringComparer.Ordinal);
        return new EnvironmentSettings(settings, strays);
    }
}
