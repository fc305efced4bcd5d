using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Import;

internal static class ImportCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "import",
        "Takes over what another gateway has.",
        ImportTykCommand.Create(shell));
}
