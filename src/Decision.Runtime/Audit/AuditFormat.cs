using System.Text.Json;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Audit;

/// <summary>Entries as the JSON that is stored and hashed.</summary>
internal static class AuditFormat
{
    private const int Format = 1;

    /// <summary>The bytes of an entry.</summary>
    public static byte[] Write(AuditEntry entry) => AuditJson.Write(writer => Write(writer, entry));

    /// <summary>What is kept of an act while it is done.</summary>
    public static byte[] WriteAll(IReadOnlyList<AuditEntry> entries) => AuditJson.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var entry in entries)
        {
            Write(writer, entry);
        }

        writer.WriteEndArray();
    });

    /// <exception cref="StoreException">It is damaged, or of a later format.</exception>
    public static AuditEntry Read(AuditRecord record) => Guarded(() =>
    {
        using var json = JsonDocument.Parse(record.Entry);
        return Read(json.RootElement) with { Sequence = record.Sequence, Hash = record.Hash };
    });

    /// <exception cref="StoreException">It is damaged, or of a later format.</exception>
    public static IReadOnlyList<AuditEntry> ReadAll(ReadOnlyMemory<byte> entries) => Guarded<IReadOnlyList<AuditEntry>>(() =>
    {
        using var json = JsonDocument.Parse(entries);
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    });

    private static void Write(Utf8JsonWriter writer, AuditEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteNumber("format", Format);
        writer.WriteNumber("at_us", entry.AtUs);
        writer.WriteNumber("begun_us", entry.BegunAtUs);
        writer.WriteString("act", entry.ActId);
        writer.WriteString("actor_id", entry.ActorId);
        writer.WriteString("actor_name", entry.ActorName);
        writer.WriteString("actor_role", entry.ActorRole);
        writer.WriteString("peer", entry.Peer);
        writer.WriteString("protocol", entry.Protocol);
        writer.WriteString("agent", entry.Agent);
        writer.WriteString("action", entry.Action);
        writer.WriteString("object_kind", entry.ObjectKind);
        writer.WriteString("object_id", entry.ObjectId);
        writer.WriteString("organization", entry.Organization);
        writer.WriteString("outcome", WordOf(entry.Outcome));
        writer.WriteString("message", entry.Message);
        writer.WriteString("before", entry.BeforeJson);
        writer.WriteString("after", entry.AfterJson);
        writer.WriteEndObject();
    }

    private static AuditEntry Read(JsonElement json) => json.GetProperty("format").GetInt32() != Format
        ? throw Unreadable()
        : new AuditEntry
        {
            AtUs = json.GetProperty("at_us").GetInt64(),
            BegunAtUs = json.GetProperty("begun_us").GetInt64(),
            ActId = Text(json, "act"),
            ActorId = Text(json, "actor_id"),
            ActorName = Text(json, "actor_name"),
            ActorRole = Text(json, "actor_role"),
            Peer = Text(json, "peer"),
            Protocol = Text(json, "protocol"),
            Agent = Text(json, "agent"),
            Action = Text(json, "action"),
            ObjectKind = Text(json, "object_kind"),
            ObjectId = Text(json, "object_id"),
            Organization = Text(json, "organization"),
            Outcome = Text(json, "outcome") switch
            {
                "done" => AuditOutcome.Done,
                "denied" => AuditOutcome.Denied,
                "unknown" => AuditOutcome.Unknown,
                _ => throw Unreadable(),
            },
            Message = Text(json, "message"),
            BeforeJson = Text(json, "before"),
            AfterJson = Text(json, "after"),
        };

    private static string WordOf(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Done => "done",
        AuditOutcome.Denied => "denied",
        _ => "unknown",
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unreadable(error);
        }
    }

    private static StoreException Unreadable(Exception? cause = null) =>
        new("An entry of the audit log is damaged, or was written by a newer version of the server: decisionctl audit verify says where.", cause);
}
