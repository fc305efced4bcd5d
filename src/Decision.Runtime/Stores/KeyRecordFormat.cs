using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Decision.Engine.Credentials;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;

namespace Decision.Runtime.Stores;

/// <summary>
/// A key's record as UTF-8 JSON, the same in every store: <c>format</c>, <c>version</c> (16 hexadecimal digits, because a 64-bit number does not
/// survive every reader of JSON), <c>created_us</c>, <c>hashes</c> (<c>scheme</c>, <c>hash</c>, <c>ends_us</c>), <c>hmac_sealed</c>, and the
/// <c>key</c> as <see cref="KeyJson"/> stores it.
/// </summary>
public static class KeyRecordFormat
{
    private const int Format = 1;

    /// <summary>Writes a record.</summary>
    /// <exception cref="ArgumentException">The key carries its signature secret in clear, or the version is 0.</exception>
    public static byte[] Write(KeyRecord record)
    {
        if (record.Key.HmacString.Length > 0)
        {
            throw new ArgumentException("A key is never stored with its signature secret in clear: seal it first.", nameof(record));
        }

        if (record.Version == 0)
        {
            throw new ArgumentException("The version of a stored key is never 0.", nameof(record));
        }

        ArrayBufferWriter<byte> bytes = new(1024);
        using Utf8JsonWriter writer = new(bytes);
        writer.WriteStartObject();
        writer.WriteNumber("format", Format);
        writer.WriteString("version", record.Version.ToString("x16", CultureInfo.InvariantCulture));
        writer.WriteNumber("created_us", record.Key.DateCreatedUs);
        writer.WriteStartArray("hashes");
        foreach (KeyHash hash in record.Hashes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("scheme", (byte)hash.Scheme);
            writer.WriteString("hash", hash.ToText());
            if (hash.EndsAtUs is { } endsAtUs)
            {
                writer.WriteNumber("ends_us", endsAtUs);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (record.SealedHmacString.Length > 0)
        {
            writer.WriteString("hmac_sealed", record.SealedHmacString);
        }

        writer.WritePropertyName("key");

        // Its date is above, and exact: not twice. Redis rounds what it keeps up: without the second one a plain key takes 64 bytes less there.
        KeyJson.Write(writer, record.Key with { DateCreatedUs = 0 }, withSecrets: true);
        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="StoreException">It is something else: damaged, or of a later format.</exception>
    public static KeyRecord Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or OverflowException or ArgumentException)
        {
            throw new StoreException("The stored record of a key is damaged. Restore the store from a backup, or delete the key and create it anew.", error);
        }
    }

    private static KeyRecord Read(JsonElement root)
    {
        int format = root.GetProperty("format").GetInt32();
        if (format != Format)
        {
            throw new StoreException(
                $"The stored record of a key has the format {format}, and this server reads {Format}: it was written by a newer version. Start that version.");
        }

        FindingList findings = new();
        Key key = KeyJson.Read(root.GetProperty("key"), findings, isStored: true)
            ?? throw new FormatException(string.Join(" ", findings.Select(finding => $"{finding.Field}: {finding.Message}")));
        return new KeyRecord
        {
            // Older versions wrote a date into the key's JSON too, for people; this one is exact in the whole range.
            Key = key with { DateCreatedUs = root.GetProperty("created_us").GetInt64() },
            Hashes = [.. root.GetProperty("hashes").EnumerateArray().Select(ReadHash)],
            Version = ulong.Parse(root.GetProperty("version").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            SealedHmacString = root.TryGetProperty("hmac_sealed", out JsonElement hmac) ? hmac.GetString()! : "",
        };
    }

    private static KeyHash ReadHash(JsonElement hash) => KeyHash.Parse(
        (KeyHashScheme)hash.GetProperty("scheme").GetByte(),
        hash.GetProperty("hash").GetString(),
        hash.TryGetProperty("ends_us", out JsonElement endsUs) ? endsUs.GetInt64() : null);
}
