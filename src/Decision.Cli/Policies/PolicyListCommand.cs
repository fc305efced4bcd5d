using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Spectre.Console;

namespace Decision.Cli.Policies;

internal static class PolicyListCommand
{
    public static Command Create(Shell shell)
    {
        var organization = new Option<string?>("--org") { Description = "Only policies of this organisation.", HelpName = "ORG" };
        var limit = Pages.LimitOption();
        return new CliCommand(shell, "list", "Lists policies, those of files and those of the store.")
        {
            Symbols = [organization, limit],
            Examples = ["decisionctl policy list", "decisionctl policy list --org acme --output json", "decisionctl policy list --quiet"],
            Runs = async (parsed, session) =>
            {
                var policies = await PolicyReader
                    .ListAsync(session, parsed.GetValue(organization), parsed.GetValue(limit) ?? long.MaxValue)
                    .ToListAsync(session.Cancellation);
                session.Output.Show(
                    () => new JsonObject { ["policies"] = ProtoJson.Of(policies) },
                    () => policies.Select(policy => policy.Id),
                    console =>
                    {
                        var table = Tables.Create("ID", "ORG", "RATE", "QUOTA", "COVERS", "STATE", "KEPT IN", "NAME");
                        foreach (var policy in policies)
                        {
                            table.Row(
                                policy.Id,
                                policy.OrgId,
                                LimitText.Rate(policy.Rate, policy.Per),
                                LimitText.Quota(policy.QuotaMax, policy.QuotaRenewalRate, policy.QuotaPeriod),
                                PolicyText.Covers(policy),
                                PolicyText.State(policy),
                                policy.Revision == 0 ? "file" : "store",
                                policy.Name);
                        }

                        console.WriteTable(table);
                    });
                if (policies.Count == 0)
                {
                    session.Output.Note("There are no policies.");
                }

                return ExitCode.Done;
            },
        };
    }
}
