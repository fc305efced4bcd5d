using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Backups;

internal static class BackupCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "backup",
        "Backups of the embedded store, taken while the server runs. The server's own restore command puts one in its place.",
        BackupCreateCommand.Create(shell));
}
