using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>Writes the lines of an export, counts them and sums them up.</summary>
internal sealed class ExportLineWriter(Stream to) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public TransferCounts Counts { get; } = new();

    public ValueTask HeaderAsync(DateTimeOffset at, string? secretsKey, CancellationToken cancellation) => WriteAsync(
        TransferWords.Header,
        json =>
        {
            json.WriteNumber("format", TransferWords.Format);
            json.WriteString("exported_at", at);
            json.WriteStartArray("kinds");
            foreach (string kind in TransferWords.Kinds)
            {
                json.WriteStringValue(kind);
            }

            json.WriteEndArray();
            if (secretsKey is not null)
            {
                json.WriteString("secrets_key", secretsKey);
            }
        },
        cancellation);

    public ValueTask RevisionAsync(RevisionLine line, CancellationToken cancellation)
    {
        Counts.Revisions++;
        return WriteAsync(
            TransferWords.Kinds[(int)line.Kind],
            json =>
            {
                json.WriteString("id", line.Id);
                json.WriteNumber("revision", line.Revision.Revision);
                json.WriteString("change", line.Revision.Change);
                json.WriteNumber("changed_us", line.Revision.ChangedAtUs);
                if (line.Etag is { } etag)
                {
                    json.WriteString("etag", etag);
                }

                if (!line.IsDeletion)
                {
                    json.WritePropertyName("json");
                    WriteContent(json, line);
                }
            },
            cancellation);
    }

    public ValueTask UsageAsync(StoredCounter counter, CancellationToken cancellation)
    {
        Counts[TransferKind.Usage]++;
        return WriteAsync(
            TransferWords.Kinds[(int)TransferKind.Usage],
            json =>
            {
                json.WriteString("subject_kind", TransferWords.SubjectKinds[(int)counter.Subject.Kind]);
                json.WriteString("subject", counter.Subject.Id);
                json.WriteString("name", counter.Name);
                json.WriteBase64String("state", counter.State.Span);
            },
            cancellation);
    }

    public ValueTask KeyAsync(KeyRecord record, CancellationToken cancellation)
    {
        Counts[TransferKind.Key]++;
        return WriteAsync(
            TransferWords.Kinds[(int)TransferKind.Key],
            json =>
            {
                json.WritePropertyName("record");
                json.WriteRawValue(KeyRecordFormat.Write(record), skipInputValidation: true);
            },
            cancellation);
    }

    public async ValueTask TrailerAsync(CancellationToken cancellation)
    {
        string sum = Convert.ToHexStringLower(_hash.GetCurrentHash());
        await WriteAsync(
            TransferWords.Trailer,
            json =>
            {
                for (int kind = 0; kind < TransferWords.Counts.Length; kind++)
                {
                    json.WriteNumber(TransferWords.Counts[kind], Counts[(TransferKind)kind]);
                }

                json.WriteNumber("revisions", Counts.Revisions);
                json.WriteString("sha256", sum);
            },
            cancellation).ConfigureAwait(false);
        await to.FlushAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _hash.Dispose();

    private async ValueTask WriteAsync(string kind, Action<Utf8JsonWriter> fields, CancellationToken cancellation)
    {
        _line.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_line))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            fields(json);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        _hash.AppendData(_line.WrittenSpan);
        await to.WriteAsync(_line.WrittenMemory, cancellation).ConfigureAwait(false);
    }

    // An import gives every byte of the content back: as it is where it stays on its line, else as a text.
    private static void WriteContent(Utf8JsonWriter json, RevisionLine line)
    {
        ReadOnlySpan<byte> content = line.Revision.Json.Span;
        if (!IsJson(line.Revision.Json))
        {
            throw new StoreException(
                $"Revision {line.Revision.Revision} of the {TransferWords.Kinds[(int)line.Kind]} {line.Id} is damaged in the store: restore the store from a backup.");
        }

        if (content.StartsWith("{"u8) && !content.ContainsAny((byte)'\n', (byte)'\r'))
        {
            json.WriteRawValue(content, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(content);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return Utf8.IsValid(content.Span);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
