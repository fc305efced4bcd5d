using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Organizations;

internal static class OrganizationGetCommand
{
    public static Command Create(Shell shell)
    {
        var id = OrganizationCommands.IdArgument();
        return new CliCommand(shell, "get", "Shows one organisation. As JSON it can be edited and given to org update.")
        {
            Symbols = [id],
            Examples = ["decisionctl org get acme", "decisionctl org get acme -o json > acme.json"],
            Runs = async (parsed, session) =>
            {
                var organization = await OrganizationReader.GetAsync(session, parsed.GetRequiredValue(id));
                session.Output.Show(organization, () => [organization.OrganizationId], console => OrganizationText.Show(console, organization));
                return ExitCode.Done;
            },
        };
    }
}
