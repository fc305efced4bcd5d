using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Decision.Runtime.Audit;

/// <summary>What things were and became, as the audit log keeps it: without secrets, and of bounded size.</summary>
internal static class AuditJson
{
    /// <summary>A larger content is told by its size and hash.</summary>
    public const int MostBytes = 16 * 1024;

    private const string Masked = "***";

    // In Tyk's fields, and in what people write into metadata.
    private static readonly string[] SecretWords = ["secret", "password", "passwd", "hmac_string", "token", "private_key", "api_key", "apikey"];

    /// <summary>The JSON for an entry; empty for nothing.</summary>
    public static string Of(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return "";
        }

        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using (var document = JsonDocument.Parse(json))
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, document.RootElement, isSecret: false);
        }

        return buffer.WrittenCount <= MostBytes
            ? Encoding.UTF8.GetString(buffer.WrittenSpan)
            : $"{{\"omitted_bytes\":{buffer.WrittenCount},\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan))}\"}}";
    }

    /// <summary>JSON from what a function writes.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    // What stands below a secret's name is as secret, however deep.
    private static void Write(Utf8JsonWriter writer, JsonElement value, bool isSecret)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, isSecret || IsSecret(member.Name));
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item, isSecret);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String or JsonValueKind.Number when isSecret:
                writer.WriteStringValue(Masked);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsSecret(string name) =>
        Array.Exists(SecretWords, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
