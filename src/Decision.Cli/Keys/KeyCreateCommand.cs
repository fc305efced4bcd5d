using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

internal static class KeyCreateCommand
{
    public static Command Create(Shell shell)
    {
        var policies = new Option<string[]>("--policy") { Description = "A policy to apply; may be repeated.", HelpName = "POLICY" };
        var organization = new Option<string?>("--org") { Description = "The organisation that owns the key.", HelpName = "ORG" };
        var alias = new Option<string?>("--alias") { Description = "A name for readers.", HelpName = "TEXT" };
        return new CliCommand(shell, "create", "Makes a key, and shows its secret this one time.")
        {
            Symbols = [policies, organization, alias],
            Examples = ["decisionctl key create --policy tour --org demo --alias me"],
            Runs = async (parsed, session) =>
            {
                var key = new Key { OrgId = parsed.GetValue(organization) ?? "", Alias = parsed.GetValue(alias) ?? "" };
                key.ApplyPolicies.AddRange(parsed.GetValue(policies) ?? []);
                var created = await session.Keys.CreateKeyAsync(new CreateKeyRequest { Key = key });
                session.Output.Tell(created.Findings);
                session.Output.Show(
                    created,
                    () => [created.ApiKey],
                    console => console.Write(Tables.Fields(("api key", created.ApiKey), ("key id", created.KeyId))));
                return ExitCode.Done;
            },
        };
    }
}
