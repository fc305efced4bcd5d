using Decision.Server.Transfer;

namespace Decision.Server.Configuration;

/// <summary>What the server was started with.</summary>
/// <param name="ConfigFile">The file of <c>--config</c>, a full path; null = none.</param>
/// <param name="IsDemo">Whether <c>--demo</c> was given.</param>
/// <param name="Asks">What to print instead of starting.</param>
/// <param name="Settings">Settings given as <c>--Section:Name=value</c>.</param>
internal sealed record CommandLine(
    string? ConfigFile, bool IsDemo, CommandLineQuestion Asks, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>An export or import to run instead of the server; null = none.</summary>
    public TransferCommand? Transfer { get; init; }

    /// <summary>The backup to restore instead of running the server; null = none.</summary>
    public string? Restores { get; init; }

    /// <summary>Reads the arguments. Nothing is skipped: what is not understood is an error.</summary>
    /// <exception cref="SettingsException">With every problem.</exception>
    public static CommandLine Read(IReadOnlyList<string> arguments)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<string>();
        var asks = CommandLineQuestion.Nothing;
        string? configFile = null;
        bool isDemo = false;
        var words = new List<string>();
        var options = new List<string>();
        for (int index = 0; index < arguments.Count; index++)
        {
            string argument = arguments[index];
            if (!argument.StartsWith("--", StringComparison.Ordinal) && argument is not ("-h" or "-v"))
            {
                words.Add(argument);
                continue;
            }

            if (TransferCommand.Options.Contains(argument))
            {
                options.Add(argument);
                continue;
            }

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument : argument[..equals];
            if (equals < 0 && ReadFlag(name) is { } flag)
            {
                isDemo |= name == "--demo";
                asks = flag == CommandLineQuestion.Nothing ? asks : flag;
                continue;
            }

            string? value = equals >= 0 ? argument[(equals + 1)..] : NextValue(arguments, ref index);
            if (value is null || (name == "--config" && value.Length == 0))
            {
                problems.Add(name == "--config"
                    ? "--config needs the name of a settings file: write --config FILE."
                    : $"The argument '{name}' has no value: write {name}=value, and see --help.");
            }
            else if (name == "--config")
            {
                configFile = Path.GetFullPath(value);
            }
            else if (!name.Contains(':', StringComparison.Ordinal))
            {
                problems.Add($"The option '{name}' is not known: settings are written --Section:Name=value, and --help lists the options.");
            }
            else if (!settings.TryAdd(name[2..], value))
            {
                problems.Add($"The setting '{name[2..]}' is given twice on the command line: remove one.");
            }
        }

        string? restores = RestoreCommand.Read(words, options, problems);
        var transfer = RestoreCommand.IsIn(words) ? null : TransferCommand.Read(words, options, problems);
        return problems.Count == 0
            ? new CommandLine(configFile, isDemo, asks, settings) { Transfer = transfer, Restores = restores }
            : throw new SettingsException(problems);
    }

    private static CommandLineQuestion? ReadFlag(string name) => name switch
    {
        "--help" or "-h" => CommandLineQuestion.Help,
        "--version" or "-v" => CommandLineQuestion.Version,
        "--demo" => CommandLineQuestion.Nothing,
        _ => null,
    };

    private static string? NextValue(IReadOnlyList<string> arguments, ref int index) =>
        index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++index] : null;
}
