using System.Globalization;
using Decision.Runtime.Transfer;

namespace Decision.Server.Transfer;

/// <summary>What the commands tell a person.</summary>
internal static class TransferText
{
    private static readonly string[] Nouns = ["APIs", "policies", "organisations", "counters", "keys"];

    public static async Task TellAsync(TextWriter output, TextWriter errors, ExportReport report, string file)
    {
        foreach (string counter in report.Damaged)
        {
            await errors.WriteLineAsync($"Left out: the stored counter {counter} is damaged; it starts afresh, here and after an import.");
        }

        await TellMoreAsync(errors, report.DamagedCount - report.Damaged.Count);
        string counts = string.Join(
            ", ", Enum.GetValues<TransferKind>().Select(kind => string.Create(CultureInfo.InvariantCulture, $"{report.Counts[kind]} {Nouns[(int)kind]}")));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Exported to {NameOf(file, "standard output")}: {counts}; {report.Counts.Revisions} revisions."));
    }

    public static async Task TellAsync(TextWriter output, TextWriter errors, ImportReport report, TransferCommand command)
    {
        string file = NameOf(command.File, "standard input");
        if (!report.IsAccepted)
        {
            await TellRefusalAsync(errors, report, file, command.Replaces);
            return;
        }

        if (command.IsDryRun)
        {
            foreach (var conflict in report.Conflicts)
            {
                await output.WriteLineAsync($"Would be overwritten: {conflict}");
            }

            await TellMoreAsync(output, report.Conflicts.Total - report.Conflicts.Count);
        }

        await output.WriteLineAsync(command.IsDryRun ? $"Nothing was written. An import of {file} would give:" : $"Imported from {file}:");
        foreach (var kind in Enum.GetValues<TransferKind>())
        {
            var tally = report[kind];
            string rest = (kind, command.IsDryRun) switch
            {
                (TransferKind.Usage, true) => "to add where the store has not more",
                (TransferKind.Usage, false) => string.Create(
                    CultureInfo.InvariantCulture, $"written, {tally.Unchanged} unchanged, {tally.Kept} kept as the store has them"),
                _ => string.Create(CultureInfo.InvariantCulture, $"added, {tally.Unchanged} unchanged, {tally.Replaced} replaced"),
            };
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {Nouns[(int)kind],-14} {tally.Added} {rest}"));
        }
    }

    private static async Task TellRefusalAsync(TextWriter errors, ImportReport report, string file, bool replaces)
    {
        await errors.WriteLineAsync($"Nothing was imported from {file}:");
        foreach (var list in new[] { report.Findings, report.Obstacles, report.Conflicts })
        {
            if (list == report.Conflicts && (replaces || list.Total == 0))
            {
                continue;
            }

            foreach (var finding in list)
            {
                await errors.WriteLineAsync("  " + finding);
            }

            await TellMoreAsync(errors, list.Total - list.Count);
        }

        if (report.Findings.Total + report.Obstacles.Total == 0)
        {
            await errors.WriteLineAsync("What the store has stays as it is. --replace overwrites it with what the file has.");
        }
    }

    private static Task TellMoreAsync(TextWriter writer, long more) => more > 0
        ? writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  and {more} more"))
        : Task.CompletedTask;

    private static string NameOf(string file, string standard) =>
        file == TransferCommand.StandardStream ? standard : Path.GetFullPath(file);
}
