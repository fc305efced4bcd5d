using System.Buffers;
using System.Text.Json;
using Decision.Runtime.Observation.Quotas;

namespace Decision.Server.Webhooks;

/// <summary>An event as its receiver reads it.</summary>
internal static class WebhookBody
{
    public static byte[] Of(QuotaEvent raised)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", raised.Id);
            json.WriteString("type", "quota_threshold");
            json.WriteString("time", raised.At.UtcDateTime);
            json.WriteNumber("threshold_percent", raised.Threshold);
            json.WriteNumber("used", raised.Used);
            json.WriteNumber("limit", raised.Max);
            json.WriteString("scope", raised.Scope);
            json.WriteString("origin", raised.Origin);
            if (raised.PeriodEnd is { } end)
            {
                json.WriteString("period_end", end.UtcDateTime);
            }

            json.WriteString("key_id", raised.KeyId);
            json.WriteString("organization_id", raised.OrganizationId);
            json.WriteString("alias", raised.Alias);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
