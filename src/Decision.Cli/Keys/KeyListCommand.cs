using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Keys;

internal static class KeyListCommand
{
    public static Command Create(Shell shell)
    {
        var filter = new KeyFilter();
        var limit = Pages.LimitOption();
        return new CliCommand(shell, "list", "Lists keys as they are stored, by id.")
        {
            Symbols = [.. filter.Symbols, limit],
            Examples =
            [
                "decisionctl key list --policy tour",
                "decisionctl key list --org acme --tag beta --limit 20",
                "decisionctl key list --org acme --output json | jq -r '.keys[].alias'",
            ],
            Runs = async (parsed, session) =>
            {
                var (keys, total) = await ReadAsync(session, filter.Request(parsed), parsed.GetValue(limit) ?? long.MaxValue);
                session.Output.Show(
                    () => new JsonObject { ["keys"] = ProtoJson.Of(keys), ["total_size"] = total },
                    () => keys.Select(key => key.KeyId),
                    console => Show(console, keys, shell.Time));
                session.Output.Note(keys.Count == 0 ? "There are no such keys." : keys.Count < total ? $"{keys.Count} of {total} keys." : total == 1 ? "1 key." : $"{total} keys.");
                return ExitCode.Done;
            },
        };
    }

    private static Task<(IReadOnlyList<Key> Keys, long Total)> ReadAsync(Session session, ListKeysRequest request, long limit) =>
        session.Output.WithProgressAsync("Reading keys", async progress =>
        {
            long total = 0;
            var keys = new List<Key>();
            await foreach (var key in KeyReader.ListAsync(session, request, limit, count => total = count).WithCancellation(session.Cancellation))
            {
                keys.Add(key);
                progress.Report(keys.Count, Math.Min(total, limit));
            }

            return ((IReadOnlyList<Key>)keys, total);
        });

    private static void Show(IAnsiConsole console, IReadOnlyList<Key> keys, TimeProvider time)
    {
        if (keys.Count == 0)
        {
            return;
        }

        var table = Tables.Create("KEY ID", "ORG", "ALIAS", "POLICIES", "TAGS", "STATE", "EXPIRES");
        foreach (var key in keys)
        {
            table.Row(
                key.KeyId,
                key.OrgId,
                key.Alias,
                string.Join(", ", key.ApplyPolicies),
                string.Join(", ", key.Tags),
                KeyText.State(key, time),
                key.Expires <= 0 ? "never" : TimeText.FromNow(DateTimeOffset.FromUnixTimeSeconds(Math.Min(key.Expires, DateTimeOffset.MaxValue.ToUnixTimeSeconds())), time));
        }

        console.WriteTable(table);
    }
}
