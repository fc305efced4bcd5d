using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys.Bulk;

internal static class KeyBulkMoveCommand
{
    public static Command Create(Shell shell)
    {
        var from = new Option<string>("--from") { Description = "The policy that they have.", HelpName = "POLICY", Required = true };
        var to = new Option<string>("--to") { Description = "The policy that takes its place.", HelpName = "POLICY", Required = true };
        var options = new BulkOptions(hasPolicy: false);
        return new CliCommand(shell, "move", "Moves keys from one policy to another; their other policies, ids and secrets stay.")
        {
            Symbols = [from, to, .. options.Symbols],
            Examples =
            [
                "decisionctl key bulk move --from gold --to gold-2027 --dry-run",
                "decisionctl key bulk move --from gold --to gold-2027 --org acme --yes",
                "decisionctl key bulk move --from trial --to paid -f upgraded.txt",
            ],
            Runs = async (parsed, session) =>
            {
                string old = parsed.GetRequiredValue(from);
                string next = parsed.GetRequiredValue(to);
                if (old == next)
                {
                    throw CommandException.WrongUse("--from and --to are the same policy.");
                }

                // Asked once, and not refused for each key.
                await session.Policies.GetPolicyAsync(new GetPolicyRequest { Id = next });
                return await new BulkRun(session, options.Read(parsed, old)).DoAsync(
                    $"move to {next}",
                    key => Moved(key, old, next) is not null,
                    async key =>
                    {
                        if (Moved(key, old, next) is not { } request)
                        {
                            return false;
                        }

                        await session.Keys.UpdateKeyAsync(request);
                        return true;
                    });
            },
        };
    }

    // Its place among the others stays: of metadata, the later policy's counts.
    private static UpdateKeyRequest? Moved(Key key, string from, string to) => KeyBulkCommands.Update(key, "apply_policies", next =>
    {
        string[] policies = [.. next.ApplyPolicies.Select(policy => policy == from ? to : policy).Distinct(StringComparer.Ordinal)];
        if (next.ApplyPolicies.Contains(from))
        {
            next.ApplyPolicies.Clear();
            next.ApplyPolicies.AddRange(policies);
        }
    });
}
