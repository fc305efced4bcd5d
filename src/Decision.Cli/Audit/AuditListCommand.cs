using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Audit;

internal static class AuditListCommand
{
    private const long Usual = 50;

    public static Command Create(Shell shell)
    {
        var filter = new AuditFilterOptions();
        var limit = Pages.LimitOption();
        limit.Description = $"The most to list. Default: {Usual}.";
        return new CliCommand(shell, "list", "Lists acts of administration, the newest first. Before and after are in the JSON.")
        {
            Symbols = [.. filter.Symbols, limit],
            Examples =
            [
                "decisionctl audit list --since 24h",
                "decisionctl audit list --action 'policy.*' --id gold --output json | jq -r '.entries[].after_json'",
                "decisionctl audit list --outcome denied --since 7d --limit 500",
            ],
            Runs = async (parsed, session) =>
            {
                var entries = await AuditReader.ListAsync(session, filter.Request(parsed, shell.Time), parsed.GetValue(limit) ?? Usual).ToListAsync(session.Cancellation);
                session.Output.Show(
                    () => new JsonObject { ["entries"] = ProtoJson.Of(entries) },
                    () => entries.Select(entry => entry.Sequence.ToString(CultureInfo.InvariantCulture)),
                    console => Show(console, entries));
                if (entries.Count == 0)
                {
                    session.Output.Note("There are no such entries.");
                }

                return ExitCode.Done;
            },
        };
    }

    private static void Show(IAnsiConsole console, List<AuditEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var table = Tables.Create("NO", "TIME", "WHO", "ACTION", "ID", "ORG", "OUTCOME", "FROM");
        foreach (var entry in entries)
        {
            table.Row(
                entry.Sequence.ToString(CultureInfo.InvariantCulture),
                TimeText.Write(entry.Time),
                entry.ActorName,
                entry.Action,
                entry.ObjectId,
                entry.OrganizationId,
                entry.Outcome switch
                {
                    AuditOutcome.Done => "done",
                    AuditOutcome.Denied => "denied: " + entry.Message,
                    _ => "unknown",
                },
                entry.Peer.Length > 0 ? $"{entry.Protocol} {entry.Peer}" : entry.Protocol);
        }

        console.WriteTable(table);
    }
}
