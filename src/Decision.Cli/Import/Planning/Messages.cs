using System.Buffers;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Cli.Records;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Import.Planning;

/// <summary>Policies and keys as the service takes them: compared without what the service adds to them.</summary>
internal static class Messages
{
    // What the service answers and nobody sets.
    private static readonly HashSet<string> Answers =
    [
        "key_id", "date_created", "last_updated", "key_hashes", "etag", "revision", "source", "allowance", "last_check", "quota_renews", "quota_remaining",
    ];

    /// <summary>A policy.</summary>
    public static Policy Of(Engine.Policies.Policy policy) => Parse<Policy>(writer => PolicyJson.Write(writer, policy));

    /// <summary>A key, with the secret of its signatures.</summary>
    public static Key Of(Engine.Keys.Key key)
    {
        var message = Parse<Key>(writer => KeyJson.Write(writer, key, withSecrets: false));
        message.HmacString = key.HmacString;
        return message;
    }

    /// <summary>Whether two records say the same, answers aside.</summary>
    public static bool AreEqual<T>(T stored, T wanted)
        where T : class, IMessage<T> => Plain(stored).Equals(Plain(wanted));

    private static T Plain<T>(T message)
        where T : class, IMessage<T>
    {
        var copy = message.Clone();
        foreach (var field in copy.Descriptor.Fields.InFieldNumberOrder())
        {
            if (Answers.Contains(field.Name) || field.Name == "hmac_string")
            {
                field.Accessor.Clear(copy);
            }
        }

        ClearEmpty(copy);
        return copy;
    }

    // The service answers an empty object where a record has none, also inside.
    private static void ClearEmpty(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            switch (field.Accessor.GetValue(message))
            {
                case Struct { Fields.Count: 0 }:
                    field.Accessor.Clear(message);
                    break;
                case Struct:
                    break;
                case IMessage inner:
                    ClearEmpty(inner);
                    if (inner.CalculateSize() == 0)
                    {
                        field.Accessor.Clear(message);
                    }

                    break;
                case IDictionary map:
                    ClearEach(map.Values);
                    break;
                case IList list:
                    ClearEach(list);
                    break;
            }
        }
    }

    private static void ClearEach(IEnumerable items)
    {
        foreach (var inner in items.OfType<IMessage>())
        {
            ClearEmpty(inner);
        }
    }

    private static T Parse<T>(Action<Utf8JsonWriter> write)
        where T : class, IMessage<T>, new()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        var json = (JsonObject)JsonNode.Parse(buffer.WrittenSpan)!;
        foreach (string answer in Answers)
        {
            json.Remove(answer);
        }

        return RecordMessage.Parse<T>(json);
    }
}
