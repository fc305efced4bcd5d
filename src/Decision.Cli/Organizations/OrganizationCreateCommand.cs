using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Organizations;

internal static class OrganizationCreateCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("ORG-ID") { Description = "The organisation's id. Default: the file's.", Arity = ArgumentArity.ZeroOrOne };
        var fields = new OrganizationFields(isUpdate: false);
        var file = CommonOptions.File("The organisation as JSON; options count before it. - = standard input.");
        return new CliCommand(shell, "create", "Stores an organisation.")
        {
            Symbols = [id, .. fields.Symbols, file],
            Examples = ["decisionctl org create acme --rate 100/1s --quota 1000000/month", "decisionctl org create -f acme.json"],
            Runs = async (parsed, session) =>
            {
                string? path = parsed.GetValue(file);
                var organization = path is null ? new Organization() : RecordFile.ReadOne(path, RecordKinds.Organization, session);
                organization.OrganizationId = parsed.GetValue(id) ?? organization.OrganizationId;
                organization.Etag = "";
                if (organization.OrganizationId.Length == 0 && path is null)
                {
                    throw CommandException.WrongUse("Give the organisation's id, or a file with -f.");
                }

                fields.Apply(parsed, new RecordChange<Organization>(organization));
                var created = await session.Organizations.CreateOrganizationAsync(new CreateOrganizationRequest { Organization = organization });
                session.Output.Tell(created.Findings);
                session.Output.Show(created, () => [created.Organization.OrganizationId], console => OrganizationText.Show(console, created.Organization));
                return ExitCode.Done;
            },
        };
    }
}
