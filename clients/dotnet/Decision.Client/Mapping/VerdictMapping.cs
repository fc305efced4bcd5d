using System.Text.Json;
using Decision.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using WireLimit = Decision.Contracts.V1.LimitStatus;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Client.Mapping;

/// <summary>From the wire's answer to the verdict, and from a failure to the failure mode's.</summary>
internal static class VerdictMapping
{
    private const int Ok = 200;
    private const int Forbidden = 403;
    private const int ServiceUnavailable = 503;

    // The client asks each time again: this only tells whoever was refused not to hammer.
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);

    public static Verdict ToVerdict(AuthorizeResponse response)
    {
        // Both must say so: an answer that contradicts itself, or comes from a service that is newer than this client, is a denial.
        bool isAllowed = response is { Allowed: true, Reason: WireReason.Allowed };
        return new Verdict
        {
            IsAllowed = isAllowed,
            Reason = !isAllowed && response.Reason == WireReason.Allowed ? Reason.Unspecified : (Reason)(int)response.Reason,
            HttpStatus = isAllowed ? Ok : response.HttpStatus is >= 400 and <= 599 ? response.HttpStatus : Forbidden,
            Message = response.Message,
            Origin = response.Origin,
            KeyId = response.KeyId,
            OrganizationId = response.OrganizationId,
            Alias = response.Alias,
            Tags = response.Tags.Count == 0 ? [] : [.. response.Tags],
            Policies = response.Policies.Count == 0 ? [] : [.. response.Policies.Select(policy => new PolicyReference(policy.Id, policy.Revision))],
            Limits = response.Limits.Count == 0 ? [] : [.. response.Limits.Select(ToLimit)],
            RetryAfter = ToTimeSpan(response.RetryAfter),
            Metadata = response.Metadata is { } metadata ? ToJson(metadata) : null,
            DecisionId = response.DecisionId,
            MaxQueryDepth = response.MaxQueryDepth,
            IsDegraded = response.Degraded,
            MissingPolicies = response.MissingPolicies.Count == 0 ? [] : [.. response.MissingPolicies],
            ShadowedReason = response.ShadowedReason == WireReason.Unspecified ? null : (Reason)(int)response.ShadowedReason,
        };
    }

    public static Verdict OfFailure(FailureMode mode, ServiceFailure failure) => mode == FailureMode.Open
        ? new Verdict { IsAllowed = true, Reason = Reason.ServiceUnavailable, HttpStatus = Ok, Failure = failure }
        : new Verdict
        {
            IsAllowed = false,
            Reason = Reason.ServiceUnavailable,
            HttpStatus = ServiceUnavailable,
            Message = "The request could not be decided",
            RetryAfter = RetryAfterFailure,
            Failure = failure,
        };

    private static LimitStatus ToLimit(WireLimit limit) => new()
    {
        Name = limit.Name,
        Scope = limit.Scope,
        Limit = limit.Limit,
        Remaining = limit.Remaining,
        Period = ToTimeSpan(limit.Period),
        QuotaPeriod = limit.QuotaPeriod,
        ResetAfter = ToTimeSpan(limit.ResetAfter),
        IsDenied = limit.Denied,
        Origin = limit.Origin,
    };

    // Rounded up to a tick, so that nobody comes back too early.
    private static TimeSpan? ToTimeSpan(Duration? duration)
    {
        if (duration is null)
        {
            return null;
        }

        double ticks = Math.Ceiling((duration.Seconds * (double)TimeSpan.TicksPerSecond) + (duration.Nanos / 100d));
        return ticks >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks(Math.Max(0, (long)ticks));
    }

    private static JsonElement ToJson(Struct metadata)
    {
        using var document = JsonDocument.Parse(JsonFormatter.Default.Format(metadata));
        return document.RootElement.Clone();
    }
}
