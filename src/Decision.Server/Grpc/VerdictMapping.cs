using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Server.Configuration;
using Reason = Decision.Engine.Reason;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Grpc;

/// <summary>From a verdict to the answer on the wire.</summary>
internal sealed class VerdictMapping(ServerSettings settings, TimeProvider time)
{
    public AuthorizeResponse ToResponse(in Verdict verdict)
    {
        var response = new AuthorizeResponse
        {
            Allowed = verdict.IsAllowed,
            Reason = ToWire(verdict.Reason),
            HttpStatus = ReasonTable.HttpStatus(verdict.Reason, settings.QuotaExceededStatus),
            Message = ReasonTable.Message(verdict.Reason),
            Origin = verdict.Origin ?? "",
            RetryAfter = WireDuration.Of(verdict.RetryAfterUs),
            DecisionId = DecisionId.TextOf(verdict.Number),
            Degraded = verdict.IsDegraded,
            ShadowedReason = ToWire(verdict.ShadowedReason),
        };
        LimitMapping.Add(response.Limits, in verdict, time);
        if (verdict.Grant is { } grant)
        {
            response.KeyId = grant.KeyId;

            // Who only names a key, without proving to have it, hears nothing about it.
            if (verdict.Reason != Reason.SignatureInvalid)
            {
                var key = GrantMessage.Of(grant);
                response.OrganizationId = grant.OrganizationId;
                response.Alias = grant.Merged.Key.Alias;
                response.Tags.AddRange(key.Tags);
                response.Policies.AddRange(key.Policies);
                response.MissingPolicies.AddRange(key.MissingPolicies);
                response.Metadata = key.Metadata;
                response.MaxQueryDepth = verdict.ApiGrant?.MaxQueryDepth ?? 0;
            }
        }

        return response;
    }

    /// <summary>The two enumerations have the same numbers; a test holds them together.</summary>
    public static WireReason ToWire(Reason reason) => (WireReason)reason;
}
