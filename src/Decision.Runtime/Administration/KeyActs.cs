using Decision.Engine.Charges;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Runtime.Audit;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>What the audit log tells of acts on keys: never a key's text or signature secret.</summary>
internal static class KeyActs
{
    private const string Kind = "key";

    public static AuditAct Of(string action, KeyRecord? before, KeyRecord? after)
    {
        var key = (after ?? before)!.Key;
        return new AuditAct(action, Kind, key.Id, key.OrganizationId) { Before = JsonOf(before), After = JsonOf(after) };
    }

    /// <param name="key">The key.</param>
    /// <param name="chosen">The counters.</param>
    /// <param name="readings">What each held; empty = not known yet.</param>
    public static AuditAct OfReset(Key key, IReadOnlyList<Charge> chosen, IReadOnlyList<CounterReading> readings) =>
        new("key.reset_usage", Kind, key.Id, key.OrganizationId)
        {
            Before = AuditJson.Write(writer =>
            {
                writer.WriteStartArray();
                for (int index = 0; index < chosen.Count; index++)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", chosen[index].Name);
                    writer.WriteString("scope", chosen[index].Scope);
                    if (index < readings.Count)
                    {
                        writer.WriteNumber("used", readings[index].Used);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }),
        };

    /// <param name="key">The key.</param>
    /// <param name="quota">The quota.</param>
    /// <param name="delta">What is added.</param>
    /// <param name="reading">What the counter holds after it; null = not known yet.</param>
    public static AuditAct OfAdjustment(Key key, Charge quota, long delta, CounterReading? reading) =>
        new("key.adjust_usage", Kind, key.Id, key.OrganizationId)
        {
            After = AuditJson.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name", quota.Name);
                writer.WriteString("scope", quota.Scope);
                writer.WriteNumber("delta", delta);
                if (reading is { } known)
                {
                    writer.WriteNumber("used", known.Used);
                }

                writer.WriteEndObject();
            }),
        };

    // The hashes tell a rotation; they are what key_hash is in the API, and no secret.
    private static byte[] JsonOf(KeyRecord? record) => record is null ? [] : AuditJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("key_hashes");
        foreach (var hash in record.Hashes)
        {
            writer.WriteStringValue(hash.ToText());
        }

        writer.WriteEndArray();
        writer.WritePropertyName("key");
        KeyJson.Write(writer, record.Key, withSecrets: false);
        writer.WriteEndObject();
    });
}
