using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Results;
using Spectre.Console;

namespace Decision.Cli.Keys.Bulk;

/// <summary>Tells what became of many keys.</summary>
internal sealed class BulkReport(Output output, bool isDryRun)
{
    private const int MostShown = 20;

    /// <summary>Tells all of it.</summary>
    /// <returns>0 = every key is as it shall be; 1 = not every one; 3 = because the service failed.</returns>
    public ExitCode Tell(string verb, IReadOnlyList<BulkOutcome> outcomes)
    {
        var ordered = outcomes.OrderBy(outcome => outcome.Name, StringComparer.Ordinal).ToList();
        string[] changed = [.. ordered.Where(outcome => outcome.Kind == BulkOutcomeKind.Changed).Select(outcome => outcome.Name)];
        var troubled = ordered.Where(outcome => outcome.Problem.Length > 0).ToList();
        int unchanged = ordered.Count(outcome => outcome.Kind == BulkOutcomeKind.Unchanged);
        foreach (var outcome in troubled)
        {
            output.Note($"{outcome.Name}: {outcome.Problem}");
        }

        output.Show(
            () => new JsonObject
            {
                ["action"] = verb,
                ["dry_run"] = isDryRun,
                ["changed"] = new JsonArray([.. changed.Select(id => JsonValue.Create(id))]),
                ["unchanged"] = unchanged,
                ["problems"] = new JsonArray([.. troubled.Select(ToJson)]),
            },
            () => changed,
            console =>
            {
                foreach (string id in isDryRun ? changed.Take(MostShown) : [])
                {
                    console.WriteLine(id);
                }

                if (isDryRun && changed.Length > MostShown)
                {
                    console.WriteLine($"and {changed.Length - MostShown} more");
                }

                console.WriteLine(Summary(changed.Length, unchanged, troubled));
            });
        return troubled.Any(outcome => outcome.IsServiceFailure) ? ExitCode.ServiceFailed
            : troubled.Count > 0 ? ExitCode.Refused
            : ExitCode.Done;
    }

    private string Summary(int changed, int unchanged, List<BulkOutcome> troubled)
    {
        string[] parts =
        [
            string.Create(CultureInfo.InvariantCulture, $"{changed} {(isDryRun ? "would be changed" : "changed")}"),
            string.Create(CultureInfo.InvariantCulture, $"{unchanged} needed nothing"),
            .. Part(BulkOutcomeKind.NotFound, "not found"),
            .. Part(BulkOutcomeKind.Failed, "failed"),
            .. Part(BulkOutcomeKind.NotTried, "not tried"),
        ];
        return string.Join(", ", parts) + ".";

        IEnumerable<string> Part(BulkOutcomeKind kind, string word) => troubled.Count(outcome => outcome.Kind == kind) is > 0 and var count
            ? [string.Create(CultureInfo.InvariantCulture, $"{count} {word}")] : [];
    }

    private static JsonObject ToJson(BulkOutcome outcome) => new()
    {
        ["key"] = outcome.Name,
        ["problem"] = outcome.Kind switch
        {
            BulkOutcomeKind.NotFound => "not_found",
            BulkOutcomeKind.NotTried => "not_tried",
            _ => "failed",
        },
        ["message"] = outcome.Problem,
    };
}
