using System.Globalization;
using System.Text;
using Decision.Cli.Import.Planning;

namespace Decision.Cli.Import.Reports;

/// <summary>The report as Markdown, to keep or to hand on; it names every policy and key.</summary>
internal static class MarkdownImportReport
{
    public static string Of(ImportReport report)
    {
        var text = new StringBuilder("# Import from Tyk\n\n");
        var plan = report.Plan;
        text.Append(State(report)).Append("\n\n");
        if (plan.Refusals.Count > 0)
        {
            List(text, "Mistakes in policies", plan.Refusals);
            return text.ToString();
        }

        text.Append("| | |\n|---|---|\n")
            .Append(CultureInfo.InvariantCulture, $"| policies | {ImportReport.Counts(plan.Policies)} |\n")
            .Append(CultureInfo.InvariantCulture, $"| APIs | {ImportReport.Counts(plan.Apis)} |\n")
            .Append(CultureInfo.InvariantCulture, $"| keys | {ImportReport.Counts(plan.Keys.Select(static key => key.Record))} |\n")
            .Append(CultureInfo.InvariantCulture, $"| keys not carried | {plan.Listed.Count} |\n\n");
        foreach (var kind in Enum.GetValues<EffectKind>())
        {
            Effects(text, report, kind);
        }

        Records(text, "Policies", plan.Policies.Select(static one => (one.Id, one.Action, one.Problem)));
        Records(text, "APIs", plan.Apis.Select(static one => (one.Id, one.Action, one.Problem)));
        Records(text, "Keys", plan.Keys.Select(static key => (key.Name, key.Record.Action, Use(key))));
        List(text, "Keys that are not carried", plan.Listed.Select(static key => $"key {key.Name}: {key.Reason}"));
        List(text, "Refused by the service", (report.Outcome?.Failures ?? []).Select(static failure => $"{failure.Subject}: {failure.Message}"));
        List(text, "Notes", plan.Notes);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string State(ImportReport report) =>
        report.Plan.Refusals.Count > 0 ? "Nothing was written: policies with mistakes are refused as a whole (D17)."
        : report.NotAccepted.Count > 0 ? $"Nothing was written: {string.Join(", ", report.NotAccepted)} widens, and was not accepted."
        : report.Outcome is null ? "A dry run: nothing was written."
        : report.Outcome.Failures.Count > 0 ? $"Written, but for {report.Outcome.Failures.Count} records that the service refused."
        : "Written.";

    private static void Effects(StringBuilder text, ImportReport report, EffectKind kind)
    {
        var groups = report.Groups.Where(group => group.Kind == kind).ToList();
        if (groups.Count == 0)
        {
            return;
        }

        string name = Effect.NameOf(kind);
        text.Append(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(name[0])}{name[1..]}\n\n| code | what | changes |\n|---|---|---|\n");
        foreach (var group in groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {group.Code} | {Cell(string.Join(", ", group.Subjects))} | {Cell(group.Text)} |\n");
        }

        text.Append('\n');
    }

    private static void Records(StringBuilder text, string title, IEnumerable<(string Name, PlannedAction Action, string Note)> records)
    {
        var all = records.ToList();
        if (all.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| | | |\n|---|---|---|\n");
        foreach (var (name, action, note) in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {ImportReport.NameOf(action)} | {Cell(note)} |\n");
        }

        text.Append('\n');
    }

    private static string Use(PlannedKey key) => string.Join(", ", key.Usage.Select(static one => $"{one.Value} used of the quota of {one.Key}"));

    private static void List(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n").AppendJoin('\n', all.Select(static line => "- " + line)).Append("\n\n");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}
