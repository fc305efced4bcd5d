using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Cli.Import.Planning;
using Decision.Cli.Import.Writing;

namespace Decision.Cli.Import.Reports;

/// <summary>The report for programs.</summary>
internal static class JsonImportReport
{
    public static JsonObject Of(ImportReport report)
    {
        var plan = report.Plan;
        return new JsonObject
        {
            ["dry_run"] = report.IsDry,
            ["policies"] = List(plan.Policies, Record),
            ["apis"] = List(plan.Apis, Record),
            ["keys"] = List(plan.Keys, Key),
            ["listed"] = List(plan.Listed, static key => new JsonObject { ["key"] = key.Name, ["reason"] = key.Reason }),
            ["effects"] = List(plan.Effects, effect => new JsonObject
            {
                ["code"] = effect.Code,
                ["effect"] = Word(effect.Kind),
                ["subject"] = effect.Subject,
                ["text"] = effect.Text,
                ["accepted"] = !effect.Widens || report.Accepted.Contains(effect.Code),
            }),
            ["refusals"] = List(plan.Refusals, static text => JsonValue.Create(text)),
            ["not_accepted"] = List(report.NotAccepted, static text => JsonValue.Create(text)),
            ["notes"] = List(plan.Notes, static text => JsonValue.Create(text)),
            ["written"] = report.Outcome is { } outcome ? Written(outcome) : null,
        };
    }

    private static JsonObject Written(ImportOutcome outcome) => new()
    {
        ["created"] = Counts(outcome.Created),
        ["updated"] = Counts(outcome.Updated),
        ["usages_adjusted"] = outcome.UsagesAdjusted,
        ["failures"] = List(outcome.Failures, static failure => new JsonObject { ["subject"] = failure.Subject, ["message"] = failure.Message }),
    };

    private static JsonObject Counts(IReadOnlyDictionary<string, int> counts) => new()
    {
        ["policies"] = counts.GetValueOrDefault("policies"),
        ["apis"] = counts.GetValueOrDefault("apis"),
        ["keys"] = counts.GetValueOrDefault("keys"),
    };

    private static JsonObject Record<T>(Planned<T> record) =>
        new() { ["id"] = record.Id, ["action"] = Word(record.Action), ["problem"] = record.Problem };

    private static JsonObject Key(PlannedKey key) => new()
    {
        ["key"] = key.Name,
        ["key_id"] = key.Record.Id,
        ["action"] = Word(key.Record.Action),
        ["use"] = new JsonObject(key.Usage.Select(static one => KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value)))),
    };

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> write) => new([.. items.Select(write)]);
}
