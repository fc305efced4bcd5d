using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies;

internal static class PolicyUpdateCommand
{
    public static Command Create(Shell shell)
    {
        var id = PolicyCommands.IdArgument();
        var fields = new PolicyFields(isUpdate: true);
        var file = CommonOptions.File("The whole policy as JSON; what it leaves out is emptied. Options count before it. - = standard input.");
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "update", "Changes fields of a policy; its keys follow at their next request.")
        {
            Symbols = [id, .. fields.Symbols, file, etag],
            Examples =
            [
                "decisionctl policy update gold --quota 2000/month",
                "decisionctl policy update gold --api reports --enforcement shadow",
                "decisionctl policy get gold -o json > gold.json && $EDITOR gold.json && decisionctl policy update gold -f gold.json",
            ],
            Runs = async (parsed, session) =>
            {
                string policyId = parsed.GetRequiredValue(id);
                var change = await RecordUpdate.OpenAsync(
                    policyId, parsed.GetValue(file), parsed.GetValue(etag), RecordKinds.Policy, session, () => PolicyReader.GetAsync(session, policyId));
                fields.Apply(parsed, change);
                var updated = await session.Policies.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = change.Record, UpdateMask = change.Mask });
                session.Output.Tell(updated.Findings);
                session.Output.Show(updated, () => [updated.Policy.Id], console => PolicyText.Show(console, updated.Policy));
                session.Output.Note(PolicyText.Followers(updated.KeysAffected));
                return ExitCode.Done;
            },
        };
    }
}
