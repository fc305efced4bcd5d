using Decision.Runtime.Stores;
using Decision.Runtime.Transfer;
using Decision.Server.Configuration;
using Decision.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decision.Server.Transfer;

/// <summary>A run of <c>export</c> or <c>import</c>, from settings to exit code.</summary>
internal sealed class TransferProgram(TransferCommand command, TextWriter output, TextWriter errors)
{
    /// <summary>What was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>Refused, for what is wrong with the file or stands in the store; or given up on the way.</summary>
    public const int Refused = 1;

    /// <summary>The store does not answer, or another server has it.</summary>
    public const int StoreUnreachable = 3;

    private const string InMemory = ":memory:";
    private readonly TerminalProgress? _progress = System.Console.IsErrorRedirected ? null : new TerminalProgress(errors);

    /// <summary>Runs the command.</summary>
    /// <exception cref="SettingsException">With every problem of the settings.</exception>
    public static async Task<int> RunAsync(CommandLine commandLine, TextWriter output, TextWriter errors)
    {
        CheckFile(commandLine.Transfer!);
        var configuration = ServerConfiguration.Load(commandLine);
        var settings = ServerSettingsReader.Read(configuration, isDemo: false);
        var folder = new DataFolder(settings.DataPath, NullLogger.Instance);
        bool isEmbedded = !"redis".Equals(configuration.Root["Storage:Kind"], StringComparison.OrdinalIgnoreCase);
        return await new TransferProgram(commandLine.Transfer!, output, errors).RunAsync(
            isEmbedded ? WithDatabase(settings, commandLine.Transfer!) : settings, settings.SecretsKey ?? folder.FindSecretsKey());
    }

    private async Task<int> RunAsync(ServerSettings settings, byte[]? secretsKey)
    {
        try
        {
            using var host = TransferHost.Build(settings);
            await host.StartAsync();
            try
            {
                var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                return command.IsExport
                    ? await ExportAsync(host.Services.GetRequiredService<StoreExport>(), secretsKey, stopping)
                    : await ImportAsync(host.Services.GetRequiredService<StoreImport>(), secretsKey, stopping);
            }
            finally
            {
                _progress?.Clear();
                await host.StopAsync();
            }
        }
        catch (Exception exception) when (CodeOf(exception) is { } code)
        {
            await errors.WriteLineAsync(exception is OperationCanceledException
                ? command.IsExport
                    ? "Given up: nothing was exported."
                    : "Given up: what is imported so far is whole. Import again before the server starts on this store."
                : $"The {(command.IsExport ? "export" : "import")} failed: {exception.Message}");
            return code;
        }
    }

    private async Task<int> ExportAsync(StoreExport export, byte[]? secretsKey, CancellationToken stopping)
    {
        if (command.File == TransferCommand.StandardStream)
        {
            await using var standard = new BufferedStream(System.Console.OpenStandardOutput(), 1 << 16);
            var written = await export.WriteAsync(standard, secretsKey, _progress, stopping);
            _progress?.Clear();
            await TransferText.TellAsync(errors, errors, written, command.File);
            return Done;
        }

        ExportReport report;
        await using (var file = ExportFile.Create(Path.GetFullPath(command.File)))
        {
            report = await export.WriteAsync(file.Stream, secretsKey, _progress, stopping);
            await file.CompleteAsync();
        }

        _progress?.Clear();
        await TransferText.TellAsync(output, errors, report, command.File);
        return Done;
    }

    private async Task<int> ImportAsync(StoreImport import, byte[]? secretsKey, CancellationToken stopping)
    {
        await using var file = await ImportFile.OpenAsync(command.File, stopping);
        var options = new ImportOptions
        {
            Replaces = command.Replaces,
            IsDryRun = command.IsDryRun,
            SecretsKey = secretsKey,
            Progress = _progress,
        };
        var report = await import.RunAsync(file, options, stopping);
        _progress?.Clear();
        await TransferText.TellAsync(output, errors, report, command);
        return report.IsAccepted ? Done : Refused;
    }

    private static void CheckFile(TransferCommand command)
    {
        string file = command.File;
        if (file == TransferCommand.StandardStream)
        {
            return;
        }

        if (Directory.Exists(file))
        {
            throw new SettingsException($"{file} is a folder: name a file.");
        }

        if (!command.IsExport && !File.Exists(file))
        {
            throw new SettingsException($"There is no file {Path.GetFullPath(file)}: name the file that an export has written.");
        }

        if (command.IsExport && Path.Exists(file))
        {
            throw new SettingsException($"{Path.GetFullPath(file)} exists already: remove it, or name another file.");
        }

        if (command.IsExport && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
        {
            throw new SettingsException($"There is no folder for {Path.GetFullPath(file)}: make it, or name another file.");
        }
    }

    /// <summary>Settings that do not make an embedded database where one is only read.</summary>
    private static ServerSettings WithDatabase(ServerSettings settings, TransferCommand command)
    {
        if (settings.StoragePath == InMemory)
        {
            throw new SettingsException(
                "Storage:Path is ':memory:', which keeps nothing to export and nothing that was imported: set it to the server's database.");
        }

        if (File.Exists(settings.StoragePath))
        {
            return settings;
        }

        return command.IsExport
            ? throw new SettingsException(
                $"There is no database {settings.StoragePath} to export: give the settings that the server runs with, or set Storage:Path.")
            : command.IsDryRun ? settings with { StoragePath = InMemory } : settings;
    }

    private static int? CodeOf(Exception exception) => exception switch
    {
        StoreException => StoreUnreachable,
        TransferException or OperationCanceledException => Refused,
        OptionsValidationException or UnauthorizedAccessException => ServerProgram.WrongUse,
        IOException => Refused,
        AggregateException { InnerExceptions: [var only] } => CodeOf(only),
        _ => null,
    };
}
