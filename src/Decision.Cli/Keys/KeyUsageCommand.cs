using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

internal static class KeyUsageCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        return new CliCommand(shell, "usage", "Shows the use of every limit of a key at this moment. Nothing is spent.")
        {
            Symbols = [id],
            Examples = ["decisionctl key usage 6y7ThcHXxq2mCgvN", "decisionctl key usage 6y7ThcHXxq2mCgvN -o json | jq '.usages[] | select(.name == \"quota\") | .remaining'"],
            Runs = async (parsed, session) =>
            {
                var answer = await session.Keys.GetUsageAsync(new GetUsageRequest { KeyId = parsed.GetRequiredValue(id) });
                session.Output.Show(
                    answer,
                    () => answer.Usages.Select(usage => string.Create(CultureInfo.InvariantCulture, $"{usage.Name} {usage.Scope} {usage.Remaining}")),
                    console => UsageTable.Write(console, answer.Usages, shell.Time));
                if (answer.Usages.Count == 0)
                {
                    session.Output.Note("Nothing limits this key.");
                }

                return ExitCode.Done;
            },
        };
    }
}
