using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies;

internal static class PolicyRollbackCommand
{
    public static Command Create(Shell shell)
    {
        var id = PolicyCommands.IdArgument();
        var revision = new Argument<long>("REVISION") { Description = "The number of the revision to go back to." };
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "rollback", "Makes a policy what it was, as a new revision; brings a deleted one back.")
        {
            Symbols = [id, revision, etag],
            Examples = ["decisionctl policy revisions gold", "decisionctl policy rollback gold 3"],
            Runs = async (parsed, session) =>
            {
                var rolled = await session.Policies.RollbackPolicyAsync(new RollbackPolicyRequest
                {
                    Id = parsed.GetRequiredValue(id),
                    Revision = parsed.GetRequiredValue(revision),
                    Etag = parsed.GetValue(etag) ?? "",
                });
                session.Output.Tell(rolled.Findings);
                session.Output.Show(rolled, () => [rolled.Policy.Id], console => PolicyText.Show(console, rolled.Policy));
                session.Output.Note(PolicyText.Followers(rolled.KeysAffected));
                return ExitCode.Done;
            },
        };
    }
}
