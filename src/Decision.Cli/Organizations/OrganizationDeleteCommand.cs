using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Organizations;

internal static class OrganizationDeleteCommand
{
    public static Command Create(Shell shell)
    {
        var id = OrganizationCommands.IdArgument();
        var yes = CommonOptions.Yes();
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "delete", "Removes an organisation's record and counters; its keys and policies stay. To stop them: org update --inactive.")
        {
            Symbols = [id, yes, etag],
            Examples = ["decisionctl org delete acme --yes"],
            Runs = async (parsed, session) =>
            {
                string wanted = parsed.GetRequiredValue(id);
                await session.ConfirmAsync($"Delete the record of the organisation {wanted}?", parsed.GetValue(yes));
                await session.Organizations.DeleteOrganizationAsync(new DeleteOrganizationRequest { OrganizationId = wanted, Etag = parsed.GetValue(etag) ?? "" });
                session.Output.Show(() => new JsonObject { ["deleted"] = wanted }, () => [wanted], console => console.WriteLine($"Deleted the organisation {wanted}."));
                return ExitCode.Done;
            },
        };
    }
}
