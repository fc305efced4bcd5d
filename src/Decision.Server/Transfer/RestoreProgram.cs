using System.Globalization;
using Decision.Runtime.Stores;
using Decision.Server.Configuration;
using Decision.Storage.Embedded.Backups;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decision.Server.Transfer;

/// <summary>A run of <c>restore</c>, from settings to exit code.</summary>
internal static class RestoreProgram
{
    /// <summary>Puts the backup in the place of the settings' database.</summary>
    /// <exception cref="SettingsException">With every problem of the settings, or what the backup is not.</exception>
    public static async Task<int> RunAsync(CommandLine commandLine, TextWriter output, TextWriter errors)
    {
        string backup = Path.GetFullPath(commandLine.Restores!);
        var settings = ServerSettingsReader.Read(ServerConfiguration.Load(commandLine), isDemo: false);
        Check(backup, settings);
        RestoredDatabase restored;
        try
        {
            restored = RestoredDatabase.From(backup, settings.StoragePath);
        }
        catch (StoreException exception)
        {
            await errors.WriteLineAsync($"Nothing was restored: {exception.Message}");
            return TransferProgram.Refused;
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Restored {backup} to {restored.Path}: {Of(DocumentKind.Api)} APIs, {Of(DocumentKind.Policy)} policies, {Of(DocumentKind.Organization)} organisations, {restored.Counters} counters, {restored.Keys} keys."));
        var folder = new DataFolder(settings.DataPath, NullLogger.Instance);
        if (!settings.IsSecretsKeySet && !File.Exists(folder.SecretsKeyFile))
        {
            await errors.WriteLineAsync(
                $"Before the server starts: put the Secrets:Key that went with this backup into {folder.SecretsKeyFile}, or set it. With another one, custom keys and signed requests do not work.");
        }

        return TransferProgram.Done;

        long Of(DocumentKind kind) => restored.Documents.GetValueOrDefault(kind);
    }

    private static void Check(string backup, ServerSettings settings)
    {
        if (settings.Redis is not null)
        {
            throw new SettingsException("Storage:Kind is redis: a backup is one of the embedded store. Redis is restored by its own files, or by import.");
        }

        if (settings.StoragePath == ":memory:")
        {
            throw new SettingsException("Storage:Path is ':memory:', which keeps nothing: set it to where the database is to be.");
        }

        if (!File.Exists(backup))
        {
            throw new SettingsException($"There is no file {backup}: name one that decisionctl backup create has written.");
        }
    }
}
