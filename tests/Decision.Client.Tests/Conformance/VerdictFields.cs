using System.Globalization;
using System.Text.Json.Nodes;

namespace Decision.Client.Tests.Conformance;

/// <summary>A verdict with the fields of the cases.</summary>
internal static class VerdictFields
{
    public static JsonObject Of(Verdict verdict) => new()
    {
        ["allowed"] = verdict.IsAllowed,
        ["remembered"] = verdict.IsRemembered,
        ["degraded"] = verdict.IsDegraded,
        ["reason"] = Name(verdict.Reason),
        ["shadowed_reason"] = verdict.ShadowedReason is { } shadowed ? Name(shadowed) : null,
        ["http_status"] = verdict.HttpStatus,
        ["max_query_depth"] = verdict.MaxQueryDepth,
        ["message"] = verdict.Message,
        ["origin"] = verdict.Origin,
        ["key_id"] = verdict.KeyId,
        ["organization_id"] = verdict.OrganizationId,
        ["alias"] = verdict.Alias,
        ["decision_id"] = verdict.DecisionId,
        ["tags"] = new JsonArray([.. verdict.Tags.Select(tag => JsonValue.Create(tag))]),
        ["missing_policies"] = new JsonArray([.. verdict.MissingPolicies.Select(policy => JsonValue.Create(policy))]),
        ["policies"] = new JsonArray([.. verdict.Policies.Select(policy => new JsonObject { ["id"] = policy.Id, ["revision"] = policy.Revision })]),
        ["metadata"] = verdict.Metadata is { } metadata ? JsonNode.Parse(metadata.GetRawText()) : null,
        ["limits"] = new JsonArray([.. verdict.Limits.Select(Limit)]),
        ["failure"] = verdict.Failure is { } failure
            ? new JsonObject { ["kind"] = Snake(failure.Kind), ["may_have_spent"] = failure.MayHaveSpent }
            : null,
        ["retry_after"] = verdict.RetryAfter?.TotalSeconds,
    };

    private static JsonObject Limit(LimitStatus limit) => new()
    {
        ["name"] = limit.Name,
        ["scope"] = limit.Scope,
        ["limit"] = limit.Limit,
        ["remaining"] = limit.Remaining,
        ["period"] = limit.Period?.TotalSeconds,
        ["quota_period"] = limit.QuotaPeriod,
        ["reset_after"] = limit.ResetAfter?.TotalSeconds,
        ["denied"] = limit.IsDenied,
        ["origin"] = limit.Origin,
    };

    private static JsonNode Name(Reason reason) =>
        reason.ToName() is var name && int.TryParse(name, CultureInfo.InvariantCulture, out int number) ? number : (JsonNode)name;

    private static string Snake(ServiceFailureKind kind) => kind switch
    {
        ServiceFailureKind.Unreachable => "unreachable",
        ServiceFailureKind.TimedOut => "timed_out",
        _ => "error",
    };
}
