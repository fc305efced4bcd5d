using Decision.Contracts.Admin.V1;
using Decision.Runtime.Observation.Notes;
using Decision.Runtime.Observation.Refusals;
using Decision.Runtime.Observation.Usage;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc.Admin;

/// <summary>What is told of decisions, on the wire.</summary>
internal static class ActivityMapping
{
    public static DecisionRecord ToMessage(DecisionNote note) => new()
    {
        DecisionId = note.DecisionId,
        Time = note.At.ToTimestamp(),
        Reason = VerdictMapping.ToWire(note.Reason),
        Origin = note.Origin,
        KeyId = note.KeyId,
        OrganizationId = note.OrganizationId,
        Alias = note.Grant?.Merged.Key.Alias ?? "",
        Policies = { note.Grant?.Merged.Policies.Select(entry => entry.Policy.Id) ?? [] },
        ApiId = note.ApiId,
        ApiVersion = note.ApiVersion,
        Method = note.Method,
        Host = note.Host,
        Path = note.Path,
        ClientIp = note.ClientIp,
        Cost = note.Cost,
        RetryAfter = WireDuration.Of(note.RetryAfterUs),
        Elapsed = note.Elapsed.ToDuration(),
        Degraded = note.IsDegraded,
        Peek = note.IsPeek,
        TraceId = note.TraceId,
    };

    public static ListRefusedResponse ToMessage(RefusalReport report) => new()
    {
        Since = report.Since.ToTimestamp(),
        Total = report.Total,
        Refused =
        {
            report.Names.Select(name => new Refused
            {
                Name = name.Name,
                OrganizationId = name.OrganizationId,
                Count = name.Count,
                Error = name.Error,
                LastReason = VerdictMapping.ToWire(name.LastReason),
            }),
        },
    };

    public static GetUsageHistoryResponse ToMessage(IEnumerable<UsageCount> hours) => new()
    {
        Hours =
        {
            hours.Select(hour => new UsageHour
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(hour.Hour * 3600).ToTimestamp(),
                Allowed = hour.Allowed,
                Refused = hour.Refused,
            }),
        },
    };
}
