using System.Text.Json;

namespace Decision.Server.Configuration;

/// <summary>All sources of settings in their order, and the folder of the settings file.</summary>
/// <param name="Root">The settings.</param>
/// <param name="SettingsFolder">Where the data folder lies unless it is set: beside the file of <c>--config</c>, else beside appsettings.json.</param>
internal sealed record ServerConfiguration(IConfigurationRoot Root, string SettingsFolder)
{
    private const string DefaultFile = "appsettings.json";

    // The platform's own messages matter when something is wrong; a phase that is not Ready is told by this server itself.
    private static readonly Dictionary<string, string?> LogLevels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",

        // Where its log is on at all, a trace is begun for every call, which costs as much as a decision. What fails is told by Kestrel too.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:LogLevel:Grpc"] = "Warning",
    };

    /// <summary>Variables of the environment that have our prefix and are none of ours.</summary>
    public IReadOnlyList<string> StrayVariables { get; init; } = [];

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

        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection(LogLevels);
        AddFile(builder, Path.Combine(folder, DefaultFile), isOptional: true);
        if (commandLine.ConfigFile is { } file)
        {
            AddFile(builder, file, isOptional: false);
            folder = Path.GetDirectoryName(file)!;
        }

        var environment = EnvironmentSettings.OfProcess();
        builder.AddInMemoryCollection(environment.Settings);
        builder.AddInMemoryCollection(commandLine.Settings);
        try
        {
            return new ServerConfiguration(builder.Build(), folder) { StrayVariables = environment.Strays };
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

    private static void AddFile(ConfigurationBuilder builder, string path, bool isOptional) =>
        builder.AddJsonFile(source =>
        {
            source.Path = path;
            source.Optional = isOptional;
            source.ReloadOnChange = false;
            source.ResolveFileProvider();
        });

    private static string Explain(InvalidDataException exception)
    {
        // "Failed to load configuration from file '/x/y.json'." with the parser's own words inside.
        Exception inner = exception;
        while (inner.InnerException is { } next && inner is not JsonException)
        {
            inner = next;
        }

        string file = exception.Message.Split('\'') is [_, var name, ..] ? name : "the settings file";
        return inner is JsonException json
            ? $"The settings file {file} is not valid JSON, line {json.LineNumber + 1}: {json.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.')}."
            : $"The settings file {file} cannot be used: {inner.Message.TrimEnd('.')}.";
    }
}
