using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
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
                string? path = parsed.GetValue(file);
                var organization = path is null ? await OrganizationReader.GetAsync(session, wanted) : RecordFile.ReadOne(path, RecordKinds.Organization, session);
                if (organization.OrganizationId.Length > 0 && organization.OrganizationId != wanted)
                {
                    throw CommandException.WrongUse($"{path} holds the organisation {organization.OrganizationId}, not {wanted}.");
                }

                organization.OrganizationId = wanted;
                organization.Etag = parsed.GetValue(etag) ?? organization.Etag;
                var change = new RecordChange<Organization>(organization) { IsWhole = path is not null };
                fields.Apply(parsed, change);
                var updated = await session.Organizations.UpdateOrganizationAsync(new UpdateOrganizationRequest { Organization = organization, UpdateMask = change.Mask });
                session.Output.Tell(updated.Findings);
                session.Output.Show(updated, () => [updated.Organization.OrganizationId], console => OrganizationText.Show(console, updated.Organization));
                return ExitCode.Done;
            },
        };
    }
}
