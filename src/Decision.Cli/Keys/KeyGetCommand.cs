using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

internal static class KeyGetCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        var effective = new Option<bool>("--effective") { Description = "As it takes effect: policies applied, and what is left of its quotas." };
        return new CliCommand(shell, "get", "Shows one key. As JSON it can be edited and given to key update.")
        {
            Symbols = [id, effective],
            Examples = ["decisionctl key get 6y7ThcHXxq2mCgvN", "decisionctl key get 6y7ThcHXxq2mCgvN --effective --output json"],
            Runs = async (parsed, session) =>
            {
                var answer = await session.Keys.GetKeyAsync(new GetKeyRequest
                {
                    KeyId = parsed.GetRequiredValue(id),
                    View = parsed.GetValue(effective) ? KeyView.Effective : KeyView.Stored,
                });
                session.Output.Tell(answer.Findings);
                session.Output.Show(answer.Key, () => [answer.Key.KeyId], console => KeyText.Show(console, answer.Key, shell.Time));
                return ExitCode.Done;
            },
        };
    }
}
