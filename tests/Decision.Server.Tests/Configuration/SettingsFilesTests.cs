using System.Text.Json;
using Decision.Server.Configuration;
using Decision.Server.Hosting;
using Decision.Server.Tests.TykApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.Configuration;

/// <summary>What counts at once where a settings file changes, and what is said of the rest.</summary>
public sealed class SettingsFilesTests : IDisposable
{
    private const string Area = "Decision.Tests.Area";
    private readonly TemporaryFolder _folder = new();
    private readonly LoggedLines _log = new();

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Log_level_counts_at_once_and_goes_with_its_line()
    {
        Write($$"""{ "Logging": { "LogLevel": { "{{Area}}": "Warning" } } }""");
        await using var server = await StartAsync();
        Assert.Equal(LogLevel.Warning, LevelOf(server, Area));

        Write($$"""{ "Logging": { "LogLevel": { "{{Area}}": "Trace", "{{Area}}.Inner": "Error" } } }""");
        Look(server);
        Assert.Equal((LogLevel.Trace, LogLevel.Error), (LevelOf(server, Area), LevelOf(server, Area + ".Inner")));
        Assert.Contains(_log.Lines, line => line.Contains($"counts at once: Logging:LogLevel:{Area}=Trace, Logging:LogLevel:{Area}.Inner=Error", StringComparison.Ordinal));

        Write("""{ "Logging": { "LogLevel": { "Microsoft": "Critical" } } }""");
        Look(server);
        Assert.Equal((LogLevel.Information, LogLevel.Critical), (LevelOf(server, Area), LevelOf(server, "Microsoft.Any")));

        Write("{}");
        Look(server);
        Assert.Equal((LogLevel.Information, LogLevel.Warning), (LevelOf(server, Area), LevelOf(server, "Microsoft.Any")));
        Assert.Null(await ProblemAsync(server));
    }

    [Fact]
    public async Task Environment_and_command_line_go_on_to_count_over_the_file()
    {
        Write("{}");
        await using var server = await StartAsync($"Logging:LogLevel:{Area}=Error");

        Write($$"""{ "Logging": { "LogLevel": { "{{Area}}": "Debug" } } }""");
        Look(server);

        Assert.Equal(LogLevel.Error, LevelOf(server, Area));
    }

    [Fact]
    public async Task Of_other_settings_it_is_said_that_they_need_a_restart_without_their_values()
    {
        Write("""{ "Limits": { "Enforcement": "enforce" } }""");
        await using var server = await StartAsync();

        Write("""{ "Limits": { "Enforcement": "shadow" }, "Redis": { "SentinelPassword": "not-for-the-log" } }""");
        Look(server);
        Look(server);

        Assert.Single(_log.Lines, line => line.Contains("counts from the next start on: Limits:Enforcement, Redis:SentinelPassword.", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("not-for-the-log", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ \"Logging\": ", "is not valid JSON, line 1")]
    [InlineData("""{ "Logging": { "Console": { "LogLevel": { "Default": "loud" } } } }""", "Logging:Console:LogLevel:Default is 'loud': write Trace, Debug, Information, Warning, Error, Critical or None.")]
    [InlineData(null, "cannot be read")]
    public async Task File_that_cannot_be_used_changes_nothing_and_is_said_until_it_is_mended(string? content, string problem)
    {
        string sound = $$"""{ "Logging": { "LogLevel": { "{{Area}}": "Debug" } } }""";
        Write(sound);
        await using var server = await StartAsync();
        if (content is null)
        {
            File.Delete(FilePath);
        }
        else
        {
            Write(content);
        }

        Look(server);
        Assert.Null(await ProblemAsync(server));
        Look(server);

        Assert.Contains(problem, await ProblemAsync(server), StringComparison.Ordinal);
        Assert.Single(_log.Lines, line => line.Contains("log levels stay as they are", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, LevelOf(server, Area));
        Write(sound);
        Look(server);
        Assert.Null(await ProblemAsync(server));
    }

    [Fact]
    public void Log_level_that_is_none_is_a_problem_of_the_settings()
    {
        Write("""{ "Logging": { "LogLevel": { "Default": "loud" } } }""");
        var commandLine = new CommandLine(FilePath, false, CommandLineQuestion.Nothing, new Dictionary<string, string?>());

        var exception = Assert.Throws<SettingsException>(() => ServerSettingsReader.Read(ServerConfiguration.Load(commandLine), isDemo: false));

        Assert.Contains(exception.Problems, problem => problem.StartsWith("Logging:LogLevel:Default is 'loud': write Trace", StringComparison.Ordinal));
    }

    private string FilePath => Path.Combine(_folder.Path, "settings.json");

    private static void Look(RunningServer server) => Assert.Single(server.Services.GetServices<IReloadedFile>().OfType<SettingsFiles>()).Look();

    private static LogLevel LevelOf(RunningServer server, string area)
    {
        var log = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger(area);
        return Enum.GetValues<LogLevel>().First(log.IsEnabled);
    }

    private static async Task<string?> ProblemAsync(RunningServer server)
    {
        using var ready = JsonDocument.Parse(await server.Http.GetStringAsync("/healthz/ready"));
        var part = ready.RootElement.GetProperty("parts").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "settings");
        return part.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
    }

    private void Write(string content) => _folder.Write("settings.json", content);

    private Task<RunningServer> StartAsync(params string[] settings) => RunningServer.StartAsync(
        ["Logging:LogLevel:Default=", .. settings], replace: services => services.AddSingleton<ILoggerProvider>(_log), configFile: FilePath);
}
