using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies;

/// <summary><c>enable</c> and <c>disable</c>.</summary>
internal static class PolicySwitchCommand
{
    public static Command Create(Shell shell, bool isEnabling)
    {
        var id = PolicyCommands.IdArgument();
        return new CliCommand(
            shell,
            isEnabling ? "enable" : "disable",
            isEnabling
                ? "Loads a policy again (active: true)."
                : "Keeps a policy but does not load it (active: false), as if it did not exist.")
        {
            Symbols = [id],
            Examples = [isEnabling ? "decisionctl policy enable gold" : "decisionctl policy disable gold"],
            Runs = async (parsed, session) =>
            {
                var policy = await PolicyReader.GetAsync(session, parsed.GetRequiredValue(id));
                if ((!policy.HasActive || policy.Active) == isEnabling)
                {
                    session.Output.Show(policy, () => [policy.Id], console => console.WriteLine($"The policy {policy.Id} is {PolicyText.State(policy)} already."));
                    return ExitCode.Done;
                }

                var updated = await session.Policies.UpdatePolicyAsync(new UpdatePolicyRequest
                {
                    Policy = new Policy { Id = policy.Id, Active = isEnabling, Etag = policy.Etag },
                    UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask { Paths = { "active" } },
                });
                session.Output.Tell(updated.Findings);
                session.Output.Show(
                    updated.Policy,
                    () => [policy.Id],
                    console => console.WriteLine($"The policy {policy.Id} is {PolicyText.State(updated.Policy)} now. {PolicyText.Followers(updated.KeysAffected)}"));
                return ExitCode.Done;
            },
        };
    }
}
