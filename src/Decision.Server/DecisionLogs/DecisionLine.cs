using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decision.Engine;
using Decision.Runtime.Observation.Notes;

namespace Decision.Server.DecisionLogs;

/// <summary>A decision as a line of JSON. What is empty is left out; docs/guides/decision-log.md has the table.</summary>
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
        _json.WriteString("time", note.At.UtcDateTime);
        _json.WriteString("decision_id", note.DecisionId);
        _json.WriteBoolean("allowed", note.IsAllowed);
        _json.WriteString("reason", note.Reason.ToName());
        Text("origin", note.Origin);
        Text("shadowed_reason", note.ShadowedReason == Reason.Unspecified ? "" : note.ShadowedReason.ToName());
        Text("key_id", note.KeyId);
        Text("organization_id", note.OrganizationId);
        Text("alias", note.Grant?.Merged.Key.Alias ?? "");
        Policies(note);
        Text("api_id", note.ApiId);
        Text("api_version", note.ApiVersion);
        Text("method", note.Method);
        Text("host", note.Host);
        Text("path", note.Path);
        Text("client_ip", note.ClientIp);
        _json.WriteNumber("cost", note.Cost);
        if (note.RetryAfterUs > 0)
        {
            _json.WriteNumber("retry_after", note.RetryAfterUs / 1_000_000m);
        }

        Flag("degraded", note.IsDegraded);
        Flag("replayed", note.IsReplay);
        Flag("peek", note.IsPeek);
        _json.WriteNumber("duration_us", (decimal)note.Elapsed.Ticks / TimeSpan.TicksPerMicrosecond);
        _json.WriteNumber("one_in", note.OneIn);
        Text("trace_id", note.TraceId);
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

        _json.WriteStartArray("policies");
        foreach (var entry in policies)
        {
            _json.WriteStringValue(entry.Policy.Id);
        }

        _json.WriteEndArray();
    }

    private void Text(string name, string value)
    {
        if (value.Length > 0)
        {
            _json.WriteString(name, value);
        }
    }

    private void Flag(string name, bool value)
    {
        if (value)
        {
            _json.WriteBoolean(name, value);
        }
    }
}
