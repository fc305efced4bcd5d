using System.CommandLine;
using System.Globalization;
using Decision.Cli.Authorize;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Activity;

internal static class TopCommand
{
    private const int Most = 500;

    public static Command Create(Shell shell)
    {
        var by = new Option<string?>("--by") { Description = "key (default), policy or api.", HelpName = "key|policy|api" };
        by.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "key", "policy", "api");
        var organization = ActivityOptions.Organization("Only of keys of this organisation.");
        var limit = ActivityOptions.Count("--limit", "How many at most. Default: 20; up to 500.");
        return new CliCommand(shell, "top", "Shows who is refused most by one server, in the last five to ten minutes.")
        {
            Symbols = [by, organization, limit],
            Examples = ["decisionctl top", "decisionctl top --by policy --org acme", "decisionctl top --by api --limit 5 --quiet"],
            Runs = async (parsed, session) =>
            {
                int most = parsed.GetValue(limit) ?? 20;
                if (most > Most)
                {
                    throw CommandException.WrongUse($"--limit {most} is too many: at most {Most} are kept.");
                }

                string word = (parsed.GetValue(by) ?? "key").ToUpperInvariant();
                var request = new ListRefusedRequest
                {
                    By = word switch { "POLICY" => RefusedBy.Policy, "API" => RefusedBy.Api, _ => RefusedBy.Key },
                    Limit = most,
                };
                if (parsed.GetValue(organization) is { } id)
                {
                    request.OrganizationId = id;
                }

                var answer = await session.Activity.ListRefusedAsync(request);
                session.Output.Show(answer, () => answer.Refused.Select(one => one.Name), console => Show(console, word, answer));
                session.Output.Note(string.Create(
                    CultureInfo.InvariantCulture, $"{answer.Total} refusals since {TimeText.Write(answer.Since)}, by the server that was asked."));
                return ExitCode.Done;
            },
        };
    }

    private static void Show(IAnsiConsole console, string word, ListRefusedResponse answer)
    {
        if (answer.Refused.Count == 0)
        {
            return;
        }

        var table = Tables.Create(word, "ORG", "REFUSED", "LAST REASON");
        foreach (var one in answer.Refused)
        {
            table.Row(
                one.Name.Length > 0 ? one.Name : "none that is known",
                one.OrganizationId,
                one.Error == 0
                    ? one.Count.ToString(CultureInfo.InvariantCulture)
                    : string.Create(CultureInfo.InvariantCulture, $"{one.Count - one.Error} to {one.Count}"),
                VerdictText.Reason(one.LastReason));
        }

        console.WriteTable(table);
    }
}
