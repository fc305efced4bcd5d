using System.CommandLine;
using Decision.Cli.Failures;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Audit;

/// <summary>Options that say which entries of the audit log are meant.</summary>
internal sealed class AuditFilterOptions
{
    private readonly Option<string?> _since = new("--since") { Description = "Not older: a time from now back, as 24h, or a date, as 2027-01-31.", HelpName = "TIME|DATE" };
    private readonly Option<string?> _until = new("--until") { Description = "Older than this.", HelpName = "TIME|DATE" };
    private readonly Option<string?> _actor = new("--actor") { Description = "Only by this credential: its id or name.", HelpName = "WHO" };
    private readonly Option<string?> _action = new("--action") { Description = "Only this act, as policy.update; policy.* = all on policies.", HelpName = "ACTION" };
    private readonly Option<string?> _kind = new("--kind") { Description = "Only on this kind of thing: key, policy, api, organization, credential, files, audit.", HelpName = "KIND" };
    private readonly Option<string?> _id = new("--id") { Description = "Only on the thing with this id.", HelpName = "ID" };
    private readonly Option<string?> _organization = new("--org") { Description = "Only on what belongs to this organisation.", HelpName = "ORG" };
    private readonly Option<string?> _outcome = new("--outcome") { Description = "Only with this outcome.", HelpName = "done|denied|unknown" };

    public AuditFilterOptions() => _outcome.AcceptOnlyFromAmong("done", "denied", "unknown");

    public IReadOnlyList<Symbol> Symbols => [_since, _until, _actor, _action, _kind, _id, _organization, _outcome];

    /// <exception cref="CommandException">A moment is none.</exception>
    public ListAuditEntriesRequest Request(ParseResult parsed, TimeProvider clock)
    {
        var request = new ListAuditEntriesRequest
        {
            Since = Moment(parsed.GetValue(_since), "--since", clock),
            Until = Moment(parsed.GetValue(_until), "--until", clock),
            Actor = parsed.GetValue(_actor) ?? "",
            Action = parsed.GetValue(_action) ?? "",
            ObjectKind = parsed.GetValue(_kind) ?? "",
            ObjectId = parsed.GetValue(_id) ?? "",
            Outcome = parsed.GetValue(_outcome) switch
            {
                "done" => AuditOutcome.Done,
                "denied" => AuditOutcome.Denied,
                "unknown" => AuditOutcome.Unknown,
                _ => AuditOutcome.Unspecified,
            },
        };
        if (parsed.GetValue(_organization) is { } organization)
        {
            request.OrganizationId = organization;
        }

        return request;
    }

    private static Timestamp? Moment(string? text, string option, TimeProvider clock) =>
        text is null ? null
        : Timestamp.FromDateTimeOffset(text.Contains('-', StringComparison.Ordinal)
            ? DateText.Read(text, option)
            : clock.GetUtcNow() - DurationText.Read(text, option));
}
