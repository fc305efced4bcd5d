using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Keys;

internal static class KeyCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "key",
        "Keys that clients present, by their ids; a key's secret is shown once, where it is made.",
        KeyCreateCommand.Create(shell));

    public static Argument<string> IdArgument() => new("KEY-ID") { Description = "The key's id, as key create and key list tell it; not its secret." };
}
