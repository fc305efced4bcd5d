using Decision.Contracts.V1;
using Decision.Server.Proxies.Envoy.Wire;
using Decision.Server.Proxies.Headers;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Proxies.Envoy;

/// <summary>A verdict as Envoy's dynamic metadata: its fields by their names, what is not set left out, durations in seconds.</summary>
internal static class VerdictStruct
{
    /// <summary>As an object.</summary>
    public static Struct Of(AuthorizeResponse verdict)
    {
        var writer = new ProtoWriter();
        Write(writer, verdict);
        return Struct.Parser.ParseFrom(writer.Written);
    }

    /// <summary>As the fields of the message that the writer is in.</summary>
    public static void Write(ProtoWriter writer, AuthorizeResponse verdict)
    {
        var told = new StructWriter(writer);
        told.Flag("allowed", verdict.Allowed);
        told.Text("reason", ClientHeaders.NameOf(verdict.Reason));
        told.Number("http_status", verdict.HttpStatus);
        Text(told, "message", verdict.Message);
        Text(told, "origin", verdict.Origin);
        Text(told, "key_id", verdict.KeyId);
        Text(told, "organization_id", verdict.OrganizationId);
        Text(told, "alias", verdict.Alias);
        Text(told, "decision_id", verdict.DecisionId);
        Texts(told, "tags", verdict.Tags);
        if (verdict.Metadata is { } metadata)
        {
            told.Struct("metadata", metadata);
        }

        if (verdict.Policies.Count > 0)
        {
            told.Structs("policies", verdict.Policies, Write);
        }

        if (verdict.Limits.Count > 0)
        {
            told.Structs("limits", verdict.Limits, Write);
        }

        Seconds(told, "retry_after", verdict.RetryAfter);
        if (verdict.MaxQueryDepth != 0)
        {
            told.Number("max_query_depth", verdict.MaxQueryDepth);
        }

        Flag(told, "degraded", verdict.Degraded);
        Texts(told, "missing_policies", verdict.MissingPolicies);
        if (verdict.ShadowedReason != Reason.Unspecified)
        {
            told.Text("shadowed_reason", ClientHeaders.NameOf(verdict.ShadowedReason));
        }
    }

    private static void Write(StructWriter told, PolicyReference policy)
    {
        told.Text("id", policy.Id);
        told.Number("revision", policy.Revision);
    }

    private static void Write(StructWriter told, LimitStatus limit)
    {
        told.Text("name", limit.Name);
        told.Text("scope", limit.Scope);
        told.Number("limit", limit.Limit);
        told.Number("remaining", limit.Remaining);
        Seconds(told, "period", limit.Period);
        Seconds(told, "reset_after", limit.ResetAfter);
        Text(told, "origin", limit.Origin);
        Flag(told, "denied", limit.Denied);
    }

    private static void Text(StructWriter told, string name, string text)
    {
        if (text.Length > 0)
        {
            told.Text(name, text);
        }
    }

    private static void Texts(StructWriter told, string name, RepeatedField<string> texts)
    {
        if (texts.Count > 0)
        {
            told.Texts(name, texts);
        }
    }

    private static void Flag(StructWriter told, string name, bool flag)
    {
        if (flag)
        {
            told.Flag(name, true);
        }
    }

    private static void Seconds(StructWriter told, string name, Duration? duration)
    {
        if (duration is not null)
        {
            told.Number(name, duration.Seconds + (duration.Nanos / 1e9));
        }
    }
}
