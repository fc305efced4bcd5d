using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Backups;

internal static class BackupCreateCommand
{
    public static Command Create(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "The new file." };
        return new CliCommand(shell, "create", "Writes everything that the server's embedded store holds to a new file, while the server goes on. Secrets:Key is not in it.")
        {
            Symbols = [file],
            Examples = ["decisionctl backup create /var/backups/decision-$(date +%F).db", "decisionctl backup create before-upgrade.db --output json | jq -r .sha256"],
            Runs = async (parsed, session) =>
            {
                string path = parsed.GetValue(file)!;
                await using var result = BackupFile.Create(path);
                var backup = await session.Output.WithProgressAsync("Receiving", progress => ReceiveAsync(session, result, progress));
                session.Output.Show(
                    () =>
                    {
                        var json = ProtoJson.Of(backup);
                        json["file"] = path;
                        return json;
                    },
                    () => [path],
                    console => console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"Backup of {TimeText.Write(backup.Time)} in {path}: {backup.Size} bytes, SHA-256 {backup.Sha256}.")));
                return ExitCode.Done;
            },
        };
    }

    private static async Task<Backup> ReceiveAsync(Session session, BackupFile result, ProgressReport progress)
    {
        using var call = session.Backups.CreateBackup(new CreateBackupRequest());
        Backup? backup = null;
        while (await call.ResponseStream.MoveNext(session.Cancellation))
        {
            var told = call.ResponseStream.Current;
            backup = told.PartCase == CreateBackupResponse.PartOneofCase.Backup ? told.Backup : backup;
            if (told.PartCase == CreateBackupResponse.PartOneofCase.Content)
            {
                await result.WriteAsync(told.Content.Memory, session.Cancellation);
                progress.Report(result.Length, backup?.Size ?? 0);
            }
        }

        await result.CompleteAsync(backup);
        return backup!;
    }
}
