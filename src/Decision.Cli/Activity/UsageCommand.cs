using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Keys;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace Decision.Cli.Activity;

internal static class UsageCommand
{
    private const int BarWidth = 30;

    public static Command Create(Shell shell)
    {
        var key = KeyCommands.IdOption("Of this key.");
        var policy = ActivityOptions.Policy("Of all keys that have this policy.");
        var api = ActivityOptions.Api("Of this API.");
        var last = new Option<string?>("--last") { Description = "How far back, as 6h or 7d. Default: 24h.", HelpName = "TIME" };
        return new CliCommand(shell, "usage", "Shows how many requests were allowed and refused in each hour, by all servers together.")
        {
            Symbols = [key, policy, api, last],
            Examples = ["decisionctl usage --key-id 6y7ThcHXxq2mCgvN", "decisionctl usage --policy gold --last 7d", "decisionctl usage --api orders -o json | jq '.hours[-1]'"],
            Runs = async (parsed, session) =>
            {
                var (subject, id) = Subject(parsed.GetValue(key), parsed.GetValue(policy), parsed.GetValue(api));
                var now = shell.Time.GetUtcNow();
                var answer = await session.Activity.GetUsageHistoryAsync(new GetUsageHistoryRequest
                {
                    Subject = subject,
                    Id = id,
                    Start = (now - DurationText.Read(parsed.GetValue(last) ?? "24h", "--last")).ToTimestamp(),
                    End = now.ToTimestamp(),
                });
                session.Output.Show(
                    answer,
                    () => answer.Hours.Select(hour => string.Create(
                        CultureInfo.InvariantCulture, $"{hour.Start.ToDateTimeOffset():yyyy-MM-ddTHH:mm:ssZ} {hour.Allowed} {hour.Refused}")),
                    console => Show(console, answer));
                return ExitCode.Done;
            },
        };
    }

    private static (UsageSubject Subject, string Id) Subject(string? key, string? policy, string? api) => (key, policy, api) switch
    {
        ({ } id, null, null) => (UsageSubject.Key, id),
        (null, { } id, null) => (UsageSubject.Policy, id),
        (null, null, { } id) => (UsageSubject.Api, id),
        _ => throw CommandException.WrongUse("Say whose use is wanted: one of --key-id, --policy and --api."),
    };

    private static void Show(IAnsiConsole console, GetUsageHistoryResponse answer)
    {
        long most = answer.Hours.Max(hour => hour.Allowed + hour.Refused);
        var table = Tables.Create("HOUR", "ALLOWED", "REFUSED", "");
        foreach (var hour in answer.Hours)
        {
            table.AddRow(
                new Text(hour.Start.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
                new Text(hour.Allowed.ToString(CultureInfo.InvariantCulture)),
                new Text(hour.Refused.ToString(CultureInfo.InvariantCulture)),
                new Markup($"[green]{Bar(hour.Allowed, most)}[/][red]{Bar(hour.Refused, most)}[/]"));
        }

        console.WriteTable(table);
    }

    // What there is is seen, however little.
    private static string Bar(long count, long most) =>
        count == 0 ? "" : new string('█', Math.Max(1, (int)Math.Round((double)count / most * BarWidth)));
}
