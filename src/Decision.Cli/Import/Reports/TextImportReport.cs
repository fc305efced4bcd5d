using System.Globalization;
using Decision.Cli.Results;
using Spectre.Console;

namespace Decision.Cli.Import.Reports;

/// <summary>The report for people: what would be written, what changes, what cannot be carried.</summary>
internal static class TextImportReport
{
    public static void Write(ImportReport report, IAnsiConsole console)
    {
        var plan = report.Plan;
        if (plan.Refusals.Count > 0)
        {
            return;
        }

        console.Write(Tables.Fields(
            ("policies", ImportReport.Counts(plan.Policies)),
            ("APIs", ImportReport.Counts(plan.Apis)),
            ("keys", ImportReport.Counts(plan.Keys.Select(static key => key.Record))),
            ("use carried", plan.Keys.Any(static key => key.Usage.Count > 0) ? $"{plan.Keys.Count(static key => key.Usage.Count > 0)} keys" : ""),
            ("not carried", plan.Listed.Count == 0 ? "" : $"{plan.Listed.Count} keys")));
        foreach (var kind in Enum.GetValues<EffectKind>())
        {
            WriteKind(report, kind, console);
        }

        WriteList(console, "Keys that are not carried", plan.Listed.Select(static key => ($"key {key.Name}", key.Reason)));
        WriteList(
            console,
            "Refused",
            plan.Policies.Where(static one => one.Problem.Length > 0).Select(static one => ("policy " + one.Id, one.Problem))
                .Concat(plan.Apis.Where(static one => one.Problem.Length > 0).Select(static one => ("API " + one.Id, one.Problem))));
        WriteList(console, "Notes", plan.Notes.Select(static note => ("", note)));
    }

    /// <summary>What was written, and what the service refused.</summary>
    public static void WriteOutcome(ImportReport report, Session session)
    {
        if (session.Output.IsJson || report.Outcome is not { } outcome)
        {
            return;
        }

        foreach (var (subject, message) in outcome.Failures)
        {
            session.Shell.Error.WriteLine($"{subject}: {message}");
        }

        string[] written =
        [
            .. outcome.Created.Select(static one => $"{Counted(one.Value, one.Key)} made"),
            .. outcome.Updated.Select(static one => $"{Counted(one.Value, one.Key)} changed"),
            .. outcome.UsagesAdjusted > 0 ? new[] { $"use of {Numbers.Counted(outcome.UsagesAdjusted, "quota", "quotas")} carried over" } : [],
            .. outcome.Failures.Count > 0 ? new[] { string.Create(CultureInfo.InvariantCulture, $"{outcome.Failures.Count} failed") } : [],
        ];
        session.Output.Note(written.Length == 0 ? "Nothing to write: the service has all of it." : $"Done: {string.Join(", ", written)}.");
    }

    private static void WriteKind(ImportReport report, EffectKind kind, IAnsiConsole console)
    {
        var groups = report.Groups.Where(group => group.Kind == kind).ToList();
        if (groups.Count == 0)
        {
            return;
        }

        console.WriteLine();
        console.Write(new Text(Effect.NameOf(kind) + Hint(kind) + "\n", new Style(decoration: Decoration.Bold)));
        var table = Tables.Create("CODE", "WHAT", "CHANGES");
        foreach (var group in groups)
        {
            string mark = kind is EffectKind.WidensAccess or EffectKind.WidensLimit && report.Accepted.Contains(group.Code) ? " accepted" : "";
            table.Row(group.Code + mark, ImportReport.Named(group.Subjects), group.Text);
        }

        console.Write(table);
    }

    private static void WriteList(IAnsiConsole console, string title, IEnumerable<(string Subject, string Text)> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
        {
            return;
        }

        console.WriteLine();
        console.Write(new Text(title + "\n", new Style(decoration: Decoration.Bold)));
        foreach (var (subject, text) in all)
        {
            console.Write(new Text(subject.Length == 0 ? text + "\n" : $"{subject}: {text}\n"));
        }
    }

    private static string Hint(EffectKind kind) => kind is EffectKind.WidensAccess or EffectKind.WidensLimit ? " (needs --accept)" : "";

    private static string Counted(int count, string kind) => Numbers.OfKind(count, kind switch { "apis" => "api", "policies" => "policy", _ => "key" });
}
