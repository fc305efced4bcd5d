using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Files;

/// <summary>
/// Keeps in the store what the files said when they were last good, for a start on which they are not: an object
/// file name -> id -> policy, and one of APIs likewise. Each is bound to the path that it was read from: a server that is pointed at other
/// files never runs with what earlier ones said.
/// </summary>
internal sealed class LastGoodSet(IDocumentStore documents, TimeProvider time, FileSources sources)
{
    private const int MostTries = 5;

    /// <summary>The documents' ids.</summary>
    public string PoliciesId => "policies:" + (sources.PolicyFolder.Length > 0 ? sources.PolicyFolder : sources.PolicyFile);

    public string ApisId => "apis:" + sources.ApiFile;

    // What the store is known to hold, so that an unchanged set is not written.
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _stored = new(StringComparer.Ordinal);

    /// <summary>The set, or null where a configured source has none. What can no longer be read is added to the findings.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async Task<FileContent?> ReadAsync(UrlMatching matching, FindingList findings, CancellationToken cancellation)
    {
        var policies = new Dictionary<string, (Policy, string)>(StringComparer.Ordinal);
        var apis = new Dictionary<string, (Api, string)>(StringComparer.Ordinal);
        bool isWhole = true;
        if (sources.HasPolicies)
        {
            isWhole &= await ReadAsync(
                PoliciesId, policies, (json, id, file) => PolicyJson.ReadChecked(json, id, findings, Prefix(file), matching), findings, cancellation)
                .ConfigureAwait(false);
        }

        if (sources.HasApis)
        {
            isWhole &= await ReadAsync(
                ApisId, apis, (json, id, file) => ApiJson.ReadChecked(json, id, findings, Prefix(file), matching), findings, cancellation)
                .ConfigureAwait(false);
        }

        return isWhole ? new FileContent(policies, apis) : null;
    }

    /// <summary>Stores the set where it differs from what is stored.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async Task SaveAsync(FileSet set, CancellationToken cancellation)
    {
        if (sources.HasPolicies)
        {
            await SaveAsync(PoliciesId, Write(set.PolicyJson, id => set.Layer.Policies[id].Source), cancellation).ConfigureAwait(false);
        }

        if (sources.HasApis)
        {
            await SaveAsync(ApisId, Write(set.ApiJson, id => set.Layer.Apis[id].Source), cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> ReadAsync<T>(
        string id,
        Dictionary<string, (T, string)> into,
        Func<JsonElement, string, string, T?> read,
        FindingList findings,
        CancellationToken cancellation)
        where T : class
    {
        if (await documents.FindAsync(DocumentKind.FileLayer, id, cancellation).ConfigureAwait(false) is not { } document)
        {
            return false;
        }

        _stored[id] = document.Json;
        using var json = JsonSource.Parse(document.Json, "last good set", findings);
        if (json is null)
        {
            return true;
        }

        if (json.RootElement.ValueKind != JsonValueKind.Object
            || json.RootElement.EnumerateObject().Any(file => file.Value.ValueKind != JsonValueKind.Object))
        {
            findings.Error("last good set", id, "is damaged: it is no object file name -> id -> policy or API. Mend the files.");
            return true;
        }

        foreach (var file in json.RootElement.EnumerateObject())
        {
            foreach (var item in file.Value.EnumerateObject())
            {
                if (read(item.Value, item.Name, file.Name) is { } value)
                {
                    into[item.Name] = (value, file.Name);
                }
            }
        }

        return true;
    }

    private async Task SaveAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        if (IsStored(id, json))
        {
            return;
        }

        for (int tries = 0; tries < MostTries; tries++)
        {
            var stored = await documents.FindAsync(DocumentKind.FileLayer, id, cancellation).ConfigureAwait(false);
            if (stored is not null && stored.Json.Span.SequenceEqual(json.Span))
            {
                _stored[id] = json;
                return;
            }

            string etag = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            var next = new Document(DocumentKind.FileLayer, id, (stored?.Revision ?? 0) + 1, etag, json, time.NowUs());
            string change = stored is null ? "create" : "update";
            if (await documents.PutAsync(next, stored?.Etag, change, cancellation).ConfigureAwait(false))
            {
                _stored[id] = json;
                return;
            }
        }

        throw new StoreException("Other replicas changed it at the same time, again and again.");
    }

    private bool IsStored(string id, ReadOnlyMemory<byte> json) =>
        _stored.TryGetValue(id, out var stored) && stored.Span.SequenceEqual(json.Span);

    private static string Prefix(string file) => $"last good set: {file}: ";

    private static ReadOnlyMemory<byte> Write(IEnumerable<KeyValuePair<string, byte[]>> items, Func<string, string> sourceOf)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var file in items.GroupBy(item => sourceOf(item.Key), StringComparer.Ordinal).OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(file.Key);
                foreach (var (id, json) in file.OrderBy(item => item.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(id);
                    writer.WriteRawValue(json, skipInputValidation: true);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
