using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Organizations;

internal static class OrganizationUpdateCommand
{
    public static Command Create(Shell shell)
    {
        var id = OrganizationCommands.IdArgument();
        var fields = new OrganizationFields(isUpdate: true);
        var file = CommonOptions.File("The whole organisation as JSON; what it leaves out is emptied. Options count before it. - = standard input.");
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "update", "Changes fields of an organisation. What was used of its limits stays used.")
        {
            Symbols = [id, .. fields.Symbols, file, etag],
            Examples = ["decisionctl org update acme --quota 2000000/month", "decisionctl org update acme --inactive"],
            Runs = async (parsed, session) =>
            {
                string wanted = parsed.GetRequiredValue(id);
                var change = await RecordUpdate.OpenAsync(
                    wanted, parsed.GetValue(file), parsed.GetValue(etag), RecordKinds.Organization, session, () => OrganizationReader.GetAsync(session, wanted));
                fields.Apply(parsed, change);
                var updated = await session.Organizations.UpdateOrganizationAsync(new UpdateOrganizationRequest { Organization = change.Record, UpdateMask = change.Mask });
                session.Output.Tell(updated.Findings);
                session.Output.Show(updated, () => [updated.Organization.OrganizationId], console => OrganizationText.Show(console, updated.Organization));
                return ExitCode.Done;
            },
        };
    }
}
