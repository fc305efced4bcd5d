using Decision.Contracts.Admin.V1;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Stores;
using Grpc.Core;
using Model = Decision.Runtime.Audit;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="Contracts.Admin.V1.AuditService"/> on <see cref="AuditLog"/>.</summary>
internal sealed class AuditAdapter(AuditLog log) : Contracts.Admin.V1.AuditService.AuditServiceBase
{
    private const string Resource = "audit";
    private const int HashLength = 64;

    public override Task<ListAuditEntriesResponse> ListAuditEntries(ListAuditEntriesRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var filter = new AuditFilter(
                CredentialMapping.ToUs(request.Since, "since"),
                CredentialMapping.ToUs(request.Until, "until"),
                request.Actor,
                request.Action,
                request.ObjectKind,
                request.ObjectId,
                request.HasOrganizationId ? request.OrganizationId : null,
                ToModel(request.Outcome));
            var (items, next) = await log.ListAsync(filter, request.PageToken, request.PageSize, context.CancellationToken);
            return new ListAuditEntriesResponse { Entries = { items.Select(ToMessage) }, NextPageToken = next };
        });

    public override Task<VerifyAuditLogResponse> VerifyAuditLog(VerifyAuditLogRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var check = await log.VerifyAsync(KnownOf(request), context.CancellationToken);
            return new VerifyAuditLogResponse
            {
                Valid = check.Broken == 0,
                EntriesChecked = check.Checked,
                FirstSequence = check.First,
                LastSequence = check.Head.Sequence,
                LastHash = check.Head.Hash,
                BrokenSequence = check.Broken,
                Problem = check.Problem,
            };
        });

    private static AuditHead? KnownOf(VerifyAuditLogRequest request)
    {
        if (request.KnownSequence == 0 && request.KnownHash.Length == 0)
        {
            return null;
        }

        return request.KnownSequence <= 0
            ? throw new AdministrationException("known_sequence", $"{request.KnownSequence} is no entry: write the number that was noted, from 1 on.")
            : request.KnownHash.Length != HashLength || !request.KnownHash.All(char.IsAsciiHexDigit)
                ? throw new AdministrationException("known_hash", $"is no hash: write the {HashLength} hexadecimal digits that were noted with the number.")
                : new AuditHead(request.KnownSequence, request.KnownHash.ToLowerInvariant(), 0);
    }

    private static Model.AuditOutcome? ToModel(Contracts.Admin.V1.AuditOutcome outcome) => outcome switch
    {
        Contracts.Admin.V1.AuditOutcome.Unspecified => null,
        Contracts.Admin.V1.AuditOutcome.Done => Model.AuditOutcome.Done,
        Contracts.Admin.V1.AuditOutcome.Denied => Model.AuditOutcome.Denied,
        Contracts.Admin.V1.AuditOutcome.Unknown => Model.AuditOutcome.Unknown,
        _ => throw new AdministrationException("outcome", $"{(int)outcome} is no outcome: write DONE, DENIED or UNKNOWN."),
    };

    private static Contracts.Admin.V1.AuditEntry ToMessage(Model.AuditEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Time = WireTime.OfUs(entry.AtUs),
        BeginTime = WireTime.OfUs(entry.BegunAtUs),
        ActorId = entry.ActorId,
        ActorName = entry.ActorName,
        ActorRole = entry.ActorRole,
        Peer = entry.Peer,
        Protocol = entry.Protocol,
        UserAgent = entry.Agent,
        Action = entry.Action,
        ObjectKind = entry.ObjectKind,
        ObjectId = entry.ObjectId,
        OrganizationId = entry.Organization,
        Outcome = entry.Outcome switch
        {
            Model.AuditOutcome.Done => Contracts.Admin.V1.AuditOutcome.Done,
            Model.AuditOutcome.Denied => Contracts.Admin.V1.AuditOutcome.Denied,
            _ => Contracts.Admin.V1.AuditOutcome.Unknown,
        },
        Message = entry.Message,
        BeforeJson = entry.BeforeJson,
        AfterJson = entry.AfterJson,
        ActId = entry.ActId,
        Hash = entry.Hash,
    };
}
