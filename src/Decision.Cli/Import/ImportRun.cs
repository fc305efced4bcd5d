using System.Globalization;
using Decision.Cli.Failures;
using Decision.Cli.Import.Planning;
using Decision.Cli.Import.Reports;
using Decision.Cli.Import.Writing;
using Decision.Cli.Results;

namespace Decision.Cli.Import;

/// <summary>From a plan to what is done: report, what must be accepted, question, writing.</summary>
internal sealed class ImportRun(Session session, ImportPlan plan, IReadOnlySet<string> accepted)
{
    /// <summary>Shows and writes nothing.</summary>
    public bool IsDry { get; init; }

    /// <summary>Does not ask.</summary>
    public bool IsAgreed { get; init; }

    /// <summary>A file for the report as Markdown; null = none.</summary>
    public string? ReportFile { get; init; }

    /// <summary>Does it.</summary>
    public async Task<ExitCode> RunAsync()
    {
        var report = new ImportReport(plan, accepted, IsDry, null);
        if (IsStopped(report, out var stopped))
        {
            Show(report);
            Tell(report);
            return stopped;
        }

        if (!session.Output.IsJson)
        {
            Show(report);
        }

        ImportOutcome outcome = new();
        if (plan.Writes > 0)
        {
            await session.ConfirmAsync(Question(), IsAgreed);
            outcome = await session.Output.WithProgressAsync("Writing", WriteAsync);
        }

        var done = new ImportReport(plan, accepted, IsDry: false, outcome);
        if (session.Output.IsJson)
        {
            Show(done);
        }

        WriteFile(done);
        TextImportReport.WriteOutcome(done, session);
        return outcome.Failures.Count > 0 || plan.Policies.Any(IsRefused) || plan.Apis.Any(IsRefused) ? ExitCode.Refused : ExitCode.Done;
    }

    private async Task<ImportOutcome> WriteAsync(ProgressReport progress)
    {
        int total = plan.Policies.Count + plan.Apis.Count + plan.Keys.Count;
        return await new ImportWriter(session, done => progress.Report(done, total)).WriteAsync(plan);
    }

    // Findings of policies refuse everything; so does what widens and was not accepted.
    private bool IsStopped(ImportReport report, out ExitCode code)
    {
        code = plan.Refusals.Count > 0 || report.NotAccepted.Count > 0 ? ExitCode.Refused : ExitCode.Done;
        return code != ExitCode.Done || IsDry;
    }

    private void Tell(ImportReport report)
    {
        WriteFile(report);
        if (session.Output.IsJson)
        {
            return;
        }

        foreach (string refusal in plan.Refusals)
        {
            session.Shell.Error.WriteLine(refusal);
        }

        if (plan.Refusals.Count > 0)
        {
            session.Shell.Error.WriteLine($"Nothing was written: policies with mistakes are refused as a whole (D17), {plan.Refusals.Count.ToString(CultureInfo.InvariantCulture)} found.");
        }
        else if (report.NotAccepted.Count > 0)
        {
            session.Shell.Error.WriteLine(
                $"Nothing was written: this widens what keys may do. Read the report, then accept what is meant: {string.Join(' ', report.NotAccepted.Select(static code => $"--accept {code}"))}");
        }
    }

    private void Show(ImportReport report) =>
        session.Output.Show(() => JsonImportReport.Of(report), static () => [], console => TextImportReport.Write(report, console));

    private void WriteFile(ImportReport report)
    {
        if (ReportFile is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(ReportFile, MarkdownImportReport.Of(report));
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse($"The report {ReportFile} cannot be written: {unwritable.Message}");
        }
    }

    private string Question()
    {
        string policies = Numbers.OfKind(plan.Policies.Count(static one => one.IsWritten), "policy");
        string apis = Numbers.OfKind(plan.Apis.Count(static one => one.IsWritten), "api");
        string keys = Numbers.OfKind(plan.Keys.Count(static key => key.Record.IsWritten || key.Usage.Count > 0), "key");
        return $"Write {policies}, {apis} and {keys} to {session.Connection.Settings.Address.Authority}?";
    }

    private static bool IsRefused<T>(Planned<T> one) => one.Action == PlannedAction.Refused;
}
