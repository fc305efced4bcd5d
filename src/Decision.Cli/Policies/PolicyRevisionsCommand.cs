using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies;

internal static class PolicyRevisionsCommand
{
    public static Command Create(Shell shell)
    {
        var id = PolicyCommands.IdArgument();
        var limit = Pages.LimitOption();
        return new CliCommand(shell, "revisions", "Lists what a policy was, the newest first; a deleted one's too.")
        {
            Symbols = [id, limit],
            Examples = ["decisionctl policy revisions gold", "decisionctl policy revisions gold --limit 2 -o json"],
            Runs = async (parsed, session) =>
            {
                var revisions = await Pages.ReadAsync<PolicyRevision>(
                    async (size, token) =>
                    {
                        var page = await session.Policies.ListPolicyRevisionsAsync(
                            new ListPolicyRevisionsRequest { Id = parsed.GetRequiredValue(id), PageSize = size, PageToken = token });
                        return (page.Revisions, page.NextPageToken);
                    },
                    parsed.GetValue(limit) ?? long.MaxValue).ToListAsync(session.Cancellation);
                session.Output.Show(
                    () => new JsonObject { ["revisions"] = ProtoJson.Of(revisions) },
                    () => revisions.Select(revision => revision.Number.ToString(CultureInfo.InvariantCulture)),
                    console =>
                    {
                        var table = Tables.Create("REVISION", "TIME", "CHANGE", "RATE", "QUOTA", "APIS", "STATE");
                        foreach (var revision in revisions)
                        {
                            var policy = revision.Policy;
                            table.Row(
                                revision.Number.ToString(CultureInfo.InvariantCulture),
                                TimeText.Write(revision.Time),
                                revision.Change,
                                LimitText.Rate(policy.Rate, policy.Per),
                                LimitText.Quota(policy.QuotaMax, policy.QuotaRenewalRate, policy.QuotaPeriod),
                                string.Join(", ", policy.AccessRights.Keys.Order(StringComparer.Ordinal)),
                                PolicyText.State(policy));
                        }

                        console.WriteTable(table);
                    });
                return ExitCode.Done;
            },
        };
    }
}
