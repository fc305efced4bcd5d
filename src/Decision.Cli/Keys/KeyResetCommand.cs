using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

internal static class KeyResetCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        var name = new Option<string?>("--name") { Description = "Only rate, or only quota. Default: both.", HelpName = "rate|quota" };
        name.AcceptOnlyFromAmong("rate", "quota");
        var scope = new Option<string?>("--scope") { Description = "Only the counter of this scope, as key usage shows it. Default: all of the key's own.", HelpName = "SCOPE" };
        return new CliCommand(shell, "reset", "Sets counters of a key to nothing used, and tells what they were.")
        {
            Symbols = [id, name, scope],
            Examples = ["decisionctl key reset 6y7ThcHXxq2mCgvN", "decisionctl key reset 6y7ThcHXxq2mCgvN --name quota"],
            Runs = async (parsed, session) =>
            {
                var answer = await session.Keys.ResetUsageAsync(new ResetUsageRequest
                {
                    KeyId = parsed.GetRequiredValue(id),
                    Name = parsed.GetValue(name) ?? "",
                    Scope = parsed.GetValue(scope) ?? "",
                });
                session.Output.Show(
                    answer,
                    () => [answer.Cleared.Count.ToString(CultureInfo.InvariantCulture)],
                    console =>
                    {
                        if (answer.Cleared.Count > 0)
                        {
                            UsageTable.Write(console, answer.Cleared, shell.Time);
                        }
                    });
                session.Output.Note(answer.Cleared.Count == 0 ? "Nothing was used." : "That was used; all of it was set to nothing.");
                return ExitCode.Done;
            },
        };
    }
}
