using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;

namespace Decision.Cli.Policies.Apply;

internal static class PolicyDiffCommand
{
    public static Command Create(Shell shell)
    {
        var wanted = new WantedOptions();
        return new CliCommand(shell, "diff", "Shows what applying files would change, for policies and for keys. Ends with 0 = nothing, 1 = something, 2 or 3 = it failed.")
        {
            Symbols = wanted.Symbols,
            Examples =
            [
                "decisionctl policy diff -f policies/",
                "decisionctl policy diff -f policies/ --org acme --prune --output json",
                "decisionctl policy diff -f policies/ --quiet || echo they differ",
            ],
            Runs = async (parsed, session) =>
            {
                PolicyPreview preview;
                try
                {
                    preview = await PolicyPreview.AskAsync(wanted.Read(parsed, session), session);
                }
                catch (Exception exception) when (Failure.Of(exception, session.Address, session.Cancellation) is { ExitCode: ExitCode.Refused } failure)
                {
                    // 1 says that something differs, and nothing else.
                    throw CommandException.WrongUse(failure.Violations.Count == 0
                        ? failure.Message
                        : string.Join('\n', failure.Violations.Select(one => $"{one.Field}: {one.Message}")));
                }

                session.Output.Show(preview.ToJson, () => preview.Changes.Select(change => change.Id), console => PreviewText.Show(console, preview));
                return preview.Changes.Any() ? ExitCode.Refused : ExitCode.Done;
            },
        };
    }
}
