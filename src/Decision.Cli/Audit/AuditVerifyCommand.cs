using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Audit;

internal static class AuditVerifyCommand
{
    public static Command Create(Shell shell)
    {
        var known = new Option<string?>("--known")
        {
            Description = "A place that an earlier check told, as 120:9f86d0...: the log must still have it.",
            HelpName = "NUMBER:HASH",
        };
        return new CliCommand(shell, "verify", "Checks the whole audit log: that no entry was changed, removed or put in between.")
        {
            Symbols = [known],
            Examples =
            [
                "decisionctl audit verify",
                "decisionctl audit verify --quiet > audit-place",
                "decisionctl audit verify --known \"$(cat audit-place)\"",
            ],
            Runs = async (parsed, session) =>
            {
                var answer = await session.Audit.VerifyAuditLogAsync(Request(parsed.GetValue(known)));
                session.Output.Show(
                    answer,
                    () => answer.Valid ? [$"{answer.LastSequence.ToString(CultureInfo.InvariantCulture)}:{answer.LastHash}"] : [],
                    console => console.WriteLine(answer.Valid
                        ? answer.EntriesChecked == 0
                            ? "The audit log has no entry."
                            : $"The audit log is as it was written: {answer.EntriesChecked} entries, {answer.FirstSequence} to {answer.LastSequence}, the last with hash {answer.LastHash}."
                        : answer.Problem));
                return answer.Valid ? ExitCode.Done : ExitCode.Refused;
            },
        };
    }

    private static VerifyAuditLogRequest Request(string? known)
    {
        if (known is null)
        {
            return new VerifyAuditLogRequest();
        }

        return known.Trim().Split(':') is [var number, { Length: > 0 } hash] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new VerifyAuditLogRequest { KnownSequence = sequence, KnownHash = sequence == 0 ? "" : hash }
            : throw CommandException.WrongUse($"--known '{known}' is no place in the log: write what audit verify --quiet told, a number, a colon and a hash.");
    }
}
