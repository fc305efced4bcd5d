using System.Text.Json;

namespace Decision.Server.Configuration;

/// <summary>All sources of settings in their order, and the folder of the settings file.</summary>
/// <param name="Root">The settings.</param>
/// <param name="SettingsFolder">Where the data folder lies unless it is set: beside the file of <c>--config</c>, else beside appsettings.json.</param>
internal sealed record ServerConfiguration(IConfigurationRoot Root, string SettingsFolder)
{
    private const string DefaultFile = "appsettings.json";

    /// <summary>Variables of the environment that have our prefix and are none of ours.</summary>
    public IReadOnlyList<string> StrayVariables { get; init; } = [];

    /// <summary>The settings files that were there, in their order.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The log levels of the files, which can be changed while the server runs.</summary>
    public LogLevels LogLevels { get; init; } = new();

    /// <summary>Reads the sources.</summary>
    /// <exception cref="SettingsException">A settings file is missing or malformed.</exception>
    public static ServerConfiguration Load(CommandLine commandLine)
    {
        string working = Directory.GetCurrentDirectory();
        string folder = File.Exists(Path.Combine(working, DefaultFile)) ? working : AppContext.BaseDirectory;
        if (commandLine.ConfigFile is { } named && !File.Exists(named))
        {
            throw new SettingsException(Directory.Exists(named)
                ? $"--config names {named}, which is a folder: name a JSON file."
                : $"--config names {named}, which does not exist: name a JSON file of settings.");
        }

        string[] files = [.. new[] { Path.Combine(folder, DefaultFile), commandLine.ConfigFile }.OfType<string>().Where(File.Exists)];
        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection(LogLevels.Defaults);
        foreach (string file in files)
        {
            AddFile(builder, file);
        }

        var levels = new LogLevels();
        builder.Add(levels);
        var environment = EnvironmentSettings.OfProcess();
        builder.AddInMemoryCollection(environment.Settings);
        builder.AddInMemoryCollection(commandLine.Settings);
        try
        {
            return new ServerConfiguration(builder.Build(), commandLine.ConfigFile is { } config ? Path.GetDirectoryName(config)! : folder)
            {
                StrayVariables = environment.Strays,
                Files = files,
                LogLevels = levels,
            };
        }
        catch (InvalidDataException exception)
        {
            throw new SettingsException(Explain(exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"A settings file cannot be read: {exception.Message.TrimEnd('.')}. Let the server's user read it.");
        }
    }

    private static void AddFile(ConfigurationBuilder builder, string path) =>
        builder.AddJsonFile(source =>
        {
            source.Path = path;
            source.Optional = false;
            source.ReloadOnChange = false;
            source.ResolveFileProvider();
        });

    private static string Explain(InvalidDataException exception)
    {
        // "Failed to load configuration from file '/x/y.json'." with the parser's own words inside.
        return Explain(exception, exception.Message.Split('\'') is [_, var name, ..] ? name : "the settings file");
    }

    /// <summary>Says what is wrong with a settings file.</summary>
    /// <param name="exception">The parser's, or one around it.</param>
    /// <param name="file">The file.</param>
    public static string Explain(Exception exception, string file)
    {
        var inner = exception;
        while (inner.InnerException is { } next && inner is not JsonException)
        {
            inner = next;
        }

        return inner is JsonException json
            ? $"The settings file {file} is not valid JSON, line {json.LineNumber + 1}: {json.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.')}."
            : $"The settings file {file} cannot be used: {inner.Message.TrimEnd('.')}.";
    }
}
