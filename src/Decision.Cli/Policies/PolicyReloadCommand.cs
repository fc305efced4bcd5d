using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies;

internal static class PolicyReloadCommand
{
    public static Command Create(Shell shell) => new CliCommand(shell, "reload", "Reads the service's policy files again, at once; they are watched anyway.")
    {
        Examples = ["decisionctl policy reload"],
        Runs = async (_, session) =>
        {
            var answer = await session.Policies.ReloadPoliciesAsync(new ReloadPoliciesRequest());
            session.Output.Tell(answer.Findings);
            session.Output.Show(
                answer,
                () => [answer.PoliciesLoaded.ToString(CultureInfo.InvariantCulture)],
                console => console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.PoliciesLoaded} policies are loaded.")));
            if (answer.Findings.All(finding => finding.Severity != Severity.Error))
            {
                return ExitCode.Done;
            }

            session.Output.Note("The files have errors: what was in force before has stayed.");
            return ExitCode.Refused;
        },
    };
}
