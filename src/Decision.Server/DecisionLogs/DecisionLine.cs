using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decision.Engine;
using Decision.Runtime.Observation.Notes;

namespace Decision.Server.DecisionLogs;

/// <summary>A decision as a line of JSON. What is empty is left out; docs/guides/observe.md has the table.</summary>
internal sealed class DecisionLine : IDisposable
{
    // For files and terminals, not for HTML: what is not ASCII stays readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;
    private readonly ArrayBufferWriter<byte> _lines;

    public DecisionLine(ArrayBufferWriter<byte> lines) => (_lines, _json) = (lines, new Utf8JsonWriter(lines, Options));

    public void Dispose() => _json.Dispose();

    /// <summary>Writes one line, with its end.</summary>
    public void Write(DecisionNote note)
    {
        _json.Reset(_lines);
        _json.WriteStartObject();
        _json.WriteString("time"u8, note.At.UtcDateTime);
        _json.WriteString("decision_id"u8, note.DecisionId);
        _json.WriteBoolean("allowed"u8, note.IsAllowed);
        _json.WriteString("reason"u8, note.Reason.ToName());
        Text("origin"u8, note.Origin);
        Text("shadowed_reason"u8, note.ShadowedReason == Reason.Unspecified ? "" : note.ShadowedReason.ToName());
        Text("key_id"u8, note.KeyId);
        Text("organization_id"u8, note.OrganizationId);
        Text("alias"u8, note.Grant?.Merged.Key.Alias ?? "");
        Policies(note);
        Text("api_id"u8, note.ApiId);
        Text("api_version"u8, note.ApiVersion);
        Text("method"u8, note.Method);
        Text("host"u8, note.Host);
        Text("path"u8, note.Path);
        Text("client_ip"u8, note.ClientIp);
        _json.WriteNumber("cost"u8, note.Cost);
        if (note.RetryAfterUs > 0)
        {
            _json.WriteNumber("retry_after"u8, note.RetryAfterUs / 1_000_000m);
        }

        Flag("degraded"u8, note.IsDegraded);
        Flag("replayed"u8, note.IsReplay);
        Flag("peek"u8, note.IsPeek);
        _json.WriteNumber("duration_us"u8, (decimal)note.Elapsed.Ticks / TimeSpan.TicksPerMicrosecond);
        _json.WriteNumber("one_in"u8, note.OneIn);
        Text("trace_id"u8, note.TraceId);
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
    }

    private void Policies(DecisionNote note)
    {
        if (note.Grant is not { Merged.Policies: { IsEmpty: false } policies })
        {
            return;
        }

        _json.WriteStartArray("policies"u8);
        foreach (var entry in policies)
        {
            _json.WriteStringValue(entry.Policy.Id);
        }

        _json.WriteEndArray();
    }

    private void Text(ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
        {
            _json.WriteString(name, value);
        }
    }

    private void Flag(ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            _json.WriteBoolean(name, value);
        }
    }
}
