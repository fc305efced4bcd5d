using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies;

internal static class PolicyDeleteCommand
{
    public static Command Create(Shell shell)
    {
        var id = PolicyCommands.IdArgument();
        var force = new Option<bool>("--force") { Description = "Also while keys use it; they are refused then, unless their other policies suffice." };
        var yes = CommonOptions.Yes();
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "delete", "Removes a policy; policy rollback brings it back.")
        {
            Symbols = [id, force, yes, etag],
            Examples = ["decisionctl policy delete gold", "decisionctl policy delete gold --force --yes"],
            Runs = async (parsed, session) =>
            {
                string policyId = parsed.GetRequiredValue(id);
                await session.ConfirmAsync($"Delete the policy {policyId}?", parsed.GetValue(yes));
                var deleted = await session.Policies.DeletePolicyAsync(
                    new DeletePolicyRequest { Id = policyId, Force = parsed.GetValue(force), Etag = parsed.GetValue(etag) ?? "" });
                session.Output.Show(
                    () => new JsonObject { ["deleted"] = policyId, ["keys_affected"] = deleted.KeysAffected },
                    () => [policyId],
                    console => console.WriteLine(deleted.KeysAffected == 0
                        ? $"Deleted the policy {policyId}."
                        : string.Create(CultureInfo.InvariantCulture, $"Deleted the policy {policyId}; {deleted.KeysAffected} keys are without it now.")));
                return ExitCode.Done;
            },
        };
    }
}
