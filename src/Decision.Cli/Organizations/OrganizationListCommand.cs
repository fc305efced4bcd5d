using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;

namespace Decision.Cli.Organizations;

internal static class OrganizationListCommand
{
    public static Command Create(Shell shell)
    {
        var limit = Pages.LimitOption();
        return new CliCommand(shell, "list", "Lists organisations that have a record.")
        {
            Symbols = [limit],
            Examples = ["decisionctl org list", "decisionctl org list --output json"],
            Runs = async (parsed, session) =>
            {
                var organizations = await OrganizationReader.ListAsync(session, parsed.GetValue(limit) ?? long.MaxValue).ToListAsync(session.Cancellation);
                session.Output.Show(
                    () => new JsonObject { ["organizations"] = ProtoJson.Of(organizations) },
                    () => organizations.Select(organization => organization.OrganizationId),
                    console =>
                    {
                        var table = Tables.Create("ID", "RATE", "QUOTA", "STATE", "NAME");
                        foreach (var one in organizations)
                        {
                            table.Row(
                                one.OrganizationId,
                                LimitText.Rate(one.Rate, one.Per),
                                LimitText.Quota(one.QuotaMax, one.QuotaRenewalRate, one.QuotaPeriod),
                                one.IsInactive ? "inactive" : "active",
                                one.Name);
                        }

                        console.WriteTable(table);
                    });
                if (organizations.Count == 0)
                {
                    session.Output.Note("No organisation has a record.");
                }

                return ExitCode.Done;
            },
        };
    }
}
