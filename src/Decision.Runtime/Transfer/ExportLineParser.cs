using System.Text.Json;
using Decision.Engine.Charges;
using Decision.Engine.Findings;
using Decision.Engine.Limits;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>Reads one line of an export.</summary>
internal static class ExportLineParser
{
    private static readonly string[] RecordFields = ["format", "version", "created_us", "hashes", "hmac_sealed", "key"];
    private static readonly string[] HashFields = ["scheme", "hash", "ends_us"];

    // A document may be 64 deep; a line adds its own level, and a key's record two.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 72 };

    /// <summary>Reads the line; null where it is none of this version's, and <paramref name="problem"/> says why.</summary>
    public static ExportLine? Parse(ReadOnlyMemory<byte> line, out string problem)
    {
        problem = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Options);
            LineFields fields = new(document.RootElement);
            string kind = fields.Text("kind");
            ExportLine read = kind switch
            {
                TransferWords.Header => ReadHeader(fields),
                TransferWords.Trailer => ReadTrailer(fields),
                _ => Array.IndexOf(TransferWords.Kinds, kind) switch
                {
                    (int)TransferKind.Usage => ReadUsage(fields),
                    (int)TransferKind.Key => ReadKey(fields),
                    >= 0 and var known => ReadRevision((TransferKind)known, fields),
                    _ => throw new FormatException(
                        $"is of the kind '{kind}', which this version does not know: the file was written by a newer version, import it with that one"),
                },
            };
            fields.End();
            return read;
        }
        catch (JsonException)
        {
            problem = "is not one JSON object: the file is damaged, copy or export it again";
        }
        catch (InvalidOperationException)
        {
            problem = "has a text that is not valid UTF-8: the file is damaged, copy or export it again";
        }
        catch (Exception error) when (error is FormatException or StoreException)
        {
            problem = error.Message.TrimEnd('.');
        }

        return null;
    }

    private static HeaderLine ReadHeader(LineFields fields)
    {
        long format = fields.Number("format", 1);
        if (format != TransferWords.Format)
        {
            throw new FormatException(
                $"has the format {format}, and this version reads {TransferWords.Format}: import it with the version that wrote it");
        }

        fields.Text("exported_at");
        string[] kinds = fields.Texts("kinds");
        return kinds.FirstOrDefault(kind => !TransferWords.Kinds.Contains(kind)) is { } unknown
            ? throw new FormatException($"announces the kind '{unknown}', which this version does not know: import it with the version that wrote it")
            : new HeaderLine([.. kinds.Select(kind => (TransferKind)Array.IndexOf(TransferWords.Kinds, kind))], fields.OptionalText("secrets_key"));
    }

    private static TrailerLine ReadTrailer(LineFields fields)
    {
        TransferCounts counts = new();
        for (int kind = 0; kind < TransferWords.Counts.Length; kind++)
        {
            counts[(TransferKind)kind] = fields.Number(TransferWords.Counts[kind], 0);
        }

        counts.Revisions = fields.Number("revisions", 0);
        return new TrailerLine(counts, fields.Text("sha256"));
    }

    private static RevisionLine ReadRevision(TransferKind kind, LineFields fields)
    {
        string id = fields.Text("id");
        long number = fields.Number("revision", 1);
        string change = fields.Text("change");
        long changedAtUs = fields.Number("changed_us", long.MinValue);
        string? etag = fields.OptionalText("etag");
        bool isDeletion = change == TransferWords.Delete;
        if (isDeletion && (etag is not null || fields.Has("json")))
        {
            throw new FormatException("is a deletion with a content");
        }

        ReadOnlyMemory<byte> json = isDeletion ? default : fields.Content("json");
        RevisionLine line = new(kind, id, new DocumentRevision(number, change, json, changedAtUs), etag);
        if (etag is not null)
        {
            CheckContent(line);
        }

        return line;
    }

    // What a server could not read at its start must not come into a store.
    private static void CheckContent(RevisionLine line)
    {
        FindingList findings = new();
        object? value = line.Kind switch
        {
            TransferKind.Policy => DocumentFormat.ReadPolicy(line.Id, line.Revision.Json, findings),
            TransferKind.Api => DocumentFormat.ReadApi(line.Id, line.Revision.Json, findings),
            _ => DocumentFormat.ReadOrganization(line.Id, line.Revision.Json, findings),
        };
        if (value is null || findings.HasErrors)
        {
            throw new FormatException(
                $"has a {TransferWords.Kinds[(int)line.Kind]} that cannot be read: {string.Join(" ", findings.Where(finding => finding.Severity == FindingSeverity.Error))}");
        }
    }

    private static UsageLine ReadUsage(LineFields fields)
    {
        Subject subject = new((SubjectKind)fields.Word("subject_kind", TransferWords.SubjectKinds), fields.Text("subject"));
        string name = fields.Text("name");
        byte[] state = fields.Base64("state");
        if (name.Length == 0)
        {
            throw new FormatException("has an empty field 'name'");
        }

        return LimitStateFormat.TryRead(state, out RateState _) || LimitStateFormat.TryRead(state, out QuotaState _)
            ? new UsageLine(new StoredCounter(subject, name, state))
            : throw new FormatException("has a field 'state' that is damaged, or of a newer version");
    }

    private static KeyLine ReadKey(LineFields fields)
    {
        JsonElement record = fields.Object("record");
        Refuse(record, RecordFields, "record");
        if (record.TryGetProperty("hashes", out JsonElement hashes) && hashes.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement hash in hashes.EnumerateArray().Where(hash => hash.ValueKind == JsonValueKind.Object))
            {
                Refuse(hash, HashFields, "record.hashes");
            }
        }

        KeyRecord read = KeyRecordFormat.Read(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(record).ToArray());
        return read.Version != 0 && read.Key.Id.Length > 0 && read.Key.HmacString.Length == 0 && !read.Hashes.IsEmpty
            ? new KeyLine(read)
            : throw new FormatException("has a key without an id, a version or a hash, or with its signature secret in clear");
    }

    private static void Refuse(JsonElement element, string[] known, string name)
    {
        foreach (JsonProperty field in element.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                throw new FormatException(
                    $"has the field '{name}.{field.Name}', which this version does not know: the file was written by a newer version, import it with that one");
            }
        }
    }
}
