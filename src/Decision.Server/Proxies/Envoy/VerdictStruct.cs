using Decision.Contracts.V1;
using Decision.Server.Proxies.Headers;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Proxies.Envoy;

/// <summary>A verdict as Envoy's dynamic metadata: its fields by their names, what is not set left out, durations in seconds.</summary>
internal static class VerdictStruct
{
    private static readonly Value True = Value.ForBool(true);
    private static readonly Value False = Value.ForBool(false);

    public static Struct Of(AuthorizeResponse verdict)
    {
        var told = new Struct();
        var fields = told.Fields;
        fields.Add("allowed", verdict.Allowed ? True : False);
        fields.Add("reason", Value.ForString(ClientHeaders.NameOf(verdict.Reason)));
        fields.Add("http_status", Value.ForNumber(verdict.HttpStatus));
        Add(told, "message", verdict.Message);
        Add(told, "origin", verdict.Origin);
        Add(told, "key_id", verdict.KeyId);
        Add(told, "organization_id", verdict.OrganizationId);
        Add(told, "alias", verdict.Alias);
        Add(told, "decision_id", verdict.DecisionId);
        if (verdict.Tags.Count > 0)
        {
            fields.Add("tags", Texts(verdict.Tags));
        }

        if (verdict.Metadata is { } metadata)
        {
            fields.Add("metadata", Value.ForStruct(metadata));
        }

        if (verdict.Policies.Count > 0)
        {
            fields.Add("policies", List(verdict.Policies, ToValue));
        }

        if (verdict.Limits.Count > 0)
        {
            fields.Add("limits", List(verdict.Limits, ToValue));
        }

        Add(told, "retry_after", verdict.RetryAfter);
        if (verdict.MaxQueryDepth != 0)
        {
            fields.Add("max_query_depth", Value.ForNumber(verdict.MaxQueryDepth));
        }

        if (verdict.Degraded)
        {
            fields.Add("degraded", True);
        }

        if (verdict.MissingPolicies.Count > 0)
        {
            fields.Add("missing_policies", Texts(verdict.MissingPolicies));
        }

        if (verdict.ShadowedReason != Reason.Unspecified)
        {
            fields.Add("shadowed_reason", Value.ForString(ClientHeaders.NameOf(verdict.ShadowedReason)));
        }

        return told;
    }

    private static Value ToValue(PolicyReference policy)
    {
        var told = new Struct();
        told.Fields.Add("id", Value.ForString(policy.Id));
        told.Fields.Add("revision", Value.ForNumber(policy.Revision));
        return Value.ForStruct(told);
    }

    private static Value ToValue(LimitStatus limit)
    {
        var told = new Struct();
        told.Fields.Add("name", Value.ForString(limit.Name));
        told.Fields.Add("scope", Value.ForString(limit.Scope));
        told.Fields.Add("limit", Value.ForNumber(limit.Limit));
        told.Fields.Add("remaining", Value.ForNumber(limit.Remaining));
        Add(told, "period", limit.Period);
        Add(told, "reset_after", limit.ResetAfter);
        Add(told, "origin", limit.Origin);
        if (limit.Denied)
        {
            told.Fields.Add("denied", True);
        }

        return Value.ForStruct(told);
    }

    private static void Add(Struct told, string name, string text)
    {
        if (text.Length > 0)
        {
            told.Fields.Add(name, Value.ForString(text));
        }
    }

    private static void Add(Struct told, string name, Duration? duration)
    {
        if (duration is not null)
        {
            told.Fields.Add(name, Value.ForNumber(duration.Seconds + (duration.Nanos / 1e9)));
        }
    }

    private static Value Texts(IEnumerable<string> texts) => List(texts, Value.ForString);

    private static Value List<T>(IEnumerable<T> items, Func<T, Value> toValue)
    {
        var list = new ListValue();
        foreach (var item in items)
        {
            list.Values.Add(toValue(item));
        }

        return new Value { ListValue = list };
    }
}
