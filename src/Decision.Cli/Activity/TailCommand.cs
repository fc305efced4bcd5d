using System.CommandLine;
using System.Globalization;
using Decision.Cli.Authorize;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Keys;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;

namespace Decision.Cli.Activity;

internal static class TailCommand
{
    private const string Prefix = "REASON_";

    public static Command Create(Shell shell)
    {
        var key = KeyCommands.IdOption("Only of this key.");
        var policy = ActivityOptions.Policy("Only of keys that have this policy.");
        var api = ActivityOptions.Api("Only on this API.");
        var organization = ActivityOptions.Organization("Only of keys of this organisation.");
        var reason = new Option<string[]>("--reason") { Description = "Only for this reason, as RATE_LIMITED; may be repeated.", HelpName = "REASON" };
        var max = ActivityOptions.Count("--max", "End after so many. Default: until Ctrl+C.");
        return new CliCommand(shell, "tail", "Follows refusals of one server live, a line each.")
        {
            Symbols = [key, policy, api, organization, reason, max],
            Examples =
            [
                "decisionctl tail",
                "decisionctl tail --org acme --reason RATE_LIMITED --reason QUOTA_EXCEEDED",
                "decisionctl tail --api orders --output json | jq -r .key_id",
            ],
            Runs = async (parsed, session) =>
            {
                var request = new FollowRefusalsRequest
                {
                    KeyId = parsed.GetValue(key) ?? "",
                    PolicyId = parsed.GetValue(policy) ?? "",
                    ApiId = parsed.GetValue(api) ?? "",
                    Reasons = { (parsed.GetValue(reason) ?? []).Select(Read) },
                };
                if (parsed.GetValue(organization) is { } id)
                {
                    request.OrganizationId = id;
                }

                await FollowAsync(session, request, parsed.GetValue(max) ?? int.MaxValue);
                return ExitCode.Done;
            },
        };
    }

    private static async Task FollowAsync(Session session, FollowRefusalsRequest request, int most)
    {
        using var call = session.Activity.FollowRefusals(request);
        await call.ResponseHeadersAsync;
        session.Output.Note("Following refusals; Ctrl+C ends it.");
        for (int count = 0; count < most && await call.ResponseStream.MoveNext(session.Cancellation); count++)
        {
            var told = call.ResponseStream.Current;
            if (told.Missed > 0)
            {
                session.Output.Note($"{told.Missed} refusals came faster than they could be told, and are not here.");
            }

            var writer = session.Shell.Out;
            await writer.WriteLineAsync(
                session.Output.IsJson ? JsonText.WriteLine(ProtoJson.Of(told.Decision))
                : session.Output.IsQuiet ? told.Decision.DecisionId
                : Line(told.Decision));
            await writer.FlushAsync(session.Cancellation);
        }
    }

    private static string Line(DecisionRecord told)
    {
        string who = told.KeyId.Length == 0 ? "no known key" : told.Alias.Length == 0 ? told.KeyId : $"{told.KeyId} ({told.Alias})";
        string by = told.Origin.Length == 0 ? "" : $" by {told.Origin}";
        string wait = told.RetryAfter is { } after ? $", again in {DurationText.Write(after.ToTimeSpan())}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeText.Write(told.Time)}  {VerdictText.Reason(told.Reason)}{by}  {who}  {told.Method} {told.ApiId} {told.Path}{wait}  {told.DecisionId}");
    }

    private static Reason Read(string word)
    {
        var values = AuthorizeReflection.Descriptor.EnumTypes.Single(type => type.ClrType == typeof(Reason)).Values;
        return values.FirstOrDefault(value => value.Name.Equals(Prefix + word, StringComparison.OrdinalIgnoreCase)) is { Number: > (int)Reason.Allowed } known
            ? (Reason)known.Number
            : throw CommandException.WrongUse(
                $"--reason '{word}' is none: write one of {string.Join(", ", values.Where(value => value.Number > (int)Reason.Allowed).Select(value => value.Name[Prefix.Length..]))}.");
    }
}
