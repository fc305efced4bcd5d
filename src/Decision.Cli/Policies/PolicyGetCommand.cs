using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Policies;

internal static class PolicyGetCommand
{
    public static Command Create(Shell shell)
    {
        var id = PolicyCommands.IdArgument();
        return new CliCommand(shell, "get", "Shows one policy. As JSON it can be edited and given to policy update.")
        {
            Symbols = [id],
            Examples = ["decisionctl policy get tour", "decisionctl policy get tour --output json > tour.json"],
            Runs = async (parsed, session) =>
            {
                var policy = await PolicyReader.GetAsync(session, parsed.GetRequiredValue(id));
                session.Output.Show(policy, () => [policy.Id], console => PolicyText.Show(console, policy));
                return ExitCode.Done;
            },
        };
    }
}
