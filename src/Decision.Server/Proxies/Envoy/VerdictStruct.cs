using Decision.Server.Wire;
using Decision.Contracts.V1;
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
        told.Flag("allowed"u8, verdict.Allowed);
        told.Text("reason"u8, ClientHeaders.NameOf(verdict.Reason));
        told.Number("http_status"u8, verdict.HttpStatus);
        Text(told, "message"u8, verdict.Message);
        Text(told, "origin"u8, verdict.Origin);
        Text(told, "key_id"u8, verdict.KeyId);
        Text(told, "organization_id"u8, verdict.OrganizationId);
        Text(told, "alias"u8, verdict.Alias);
        Text(told, "decision_id"u8, verdict.DecisionId);
        Texts(told, "tags"u8, verdict.Tags);
        if (verdict.Metadata is { } metadata)
        {
            told.Struct("metadata"u8, metadata);
        }

        if (verdict.Policies.Count > 0)
        {
            told.Structs("policies"u8, verdict.Policies, Write);
        }

        if (verdict.Limits.Count > 0)
        {
            told.Structs("limits"u8, verdict.Limits, Write);
        }

        Seconds(told, "retry_after"u8, verdict.RetryAfter);
        if (verdict.MaxQueryDepth != 0)
        {
            told.Number("max_query_depth"u8, verdict.MaxQueryDepth);
        }

        Flag(told, "degraded"u8, verdict.Degraded);
        Texts(told, "missing_policies"u8, verdict.MissingPolicies);
        if (verdict.ShadowedReason != Reason.Unspecified)
        {
            told.Text("shadowed_reason"u8, ClientHeaders.NameOf(verdict.ShadowedReason));
        }
    }

    private static void Write(StructWriter told, PolicyReference policy)
    {
        told.Text("id"u8, policy.Id);
        told.Number("revision"u8, policy.Revision);
    }

    private static void Write(StructWriter told, LimitStatus limit)
    {
        told.Text("name"u8, limit.Name);
        told.Text("scope"u8, limit.Scope);
        told.Number("limit"u8, limit.Limit);
        told.Number("remaining"u8, limit.Remaining);
        Seconds(told, "period"u8, limit.Period);
        Seconds(told, "reset_after"u8, limit.ResetAfter);
        Text(told, "origin"u8, limit.Origin);
        Flag(told, "denied"u8, limit.Denied);
    }

    private static void Text(StructWriter told, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
        {
            told.Text(name, text);
        }
    }

    private static void Texts(StructWriter told, ReadOnlySpan<byte> name, RepeatedField<string> texts)
    {
        if (texts.Count > 0)
        {
            told.Texts(name, texts);
        }
    }

    private static void Flag(StructWriter told, ReadOnlySpan<byte> name, bool flag)
    {
        if (flag)
        {
            told.Flag(name, true);
        }
    }

    private static void Seconds(StructWriter told, ReadOnlySpan<byte> name, Duration? duration)
    {
        if (duration is not null)
        {
            told.Number(name, duration.Seconds + (duration.Nanos / 1e9));
        }
    }
}
