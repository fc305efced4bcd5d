using System.Text.Json.Nodes;
using Decision.Cli.Apis;
using Decision.Cli.Keys;
using Decision.Cli.Organizations;
using Decision.Cli.Policies;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Google.Protobuf;

namespace Decision.Cli.Export;

/// <summary>Writes records of the service, page by page.</summary>
internal sealed class RecordExport(Session session, TextWriter writer, string? organization)
{
    /// <summary>The kinds of records, in the order of the file.</summary>
    public static string[] Kinds { get; } = ["api", "policy", "organization", "key"];

    /// <summary>What was written, as <c>5 APIs, 1 policy</c>.</summary>
    public static string Sentence(IReadOnlyDictionary<string, long> counts) => string.Join(", ", Kinds.Where(counts.ContainsKey).Select(kind => Numbers.OfKind(counts[kind], kind)));

    public static JsonObject Json(IReadOnlyDictionary<string, long> counts) =>
        new(counts.Select(count => KeyValuePair.Create<string, JsonNode?>(count.Key, JsonValue.Create(count.Value))));

    /// <summary>JSON Lines: <c>{"policy": {...}}</c> and so on; the last line counts them, so that a cut file is noticed.</summary>
    public async Task<IReadOnlyDictionary<string, long>> WriteLinesAsync(IReadOnlyCollection<string> kinds, ProgressReport progress)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        long total = 0;
        long written = 0;
        foreach (string kind in Kinds.Where(kinds.Contains))
        {
            counts[kind] = 0;
            await foreach (var record in ReadAsync(kind, keys => total = keys).WithCancellation(session.Cancellation))
            {
                await writer.WriteLineAsync(JsonText.WriteLine(new JsonObject { [kind] = ProtoJson.Of(record) }));
                counts[kind]++;
                progress.Report(++written, kind == "key" ? total + written - counts[kind] : 0);
            }
        }

        await writer.WriteLineAsync(JsonText.WriteLine(new JsonObject { ["counts"] = Json(counts) }));
        return counts;
    }

    /// <summary>The policies as one object by id, as Tyk's <c>policies.json</c> and the server's <c>policy_record_name</c>.</summary>
    public async Task<IReadOnlyDictionary<string, long>> WriteTykAsync()
    {
        var policies = new JsonObject();
        var findings = new FindingList();
        await foreach (var policy in PolicyReader.ListAsync(session, organization).WithCancellation(session.Cancellation))
        {
            policies[policy.Id] = RecordForm.OfMessage(policy, RecordKinds.Policy, findings);
        }

        if (findings.HasErrors)
        {
            throw new RecordFileException(findings);
        }

        await writer.WriteLineAsync(JsonText.Write(policies));
        return new Dictionary<string, long> { ["policy"] = policies.Count };
    }

    // What a key is known by to those who hold its text has no place in a file that many may read.
    private static Key WithoutHashes(Key key)
    {
        key.KeyHashes.Clear();
        return key;
    }

    private IAsyncEnumerable<IMessage> ReadAsync(string kind, Action<long> keys) => kind switch
    {
        "api" => ApiReader.ListAsync(session, organization).Select(api => (IMessage)api),
        "policy" => PolicyReader.ListAsync(session, organization).Select(policy => (IMessage)policy),
        "organization" => OrganizationReader.ListAsync(session)
            .Where(one => organization is null || one.OrganizationId == organization)
            .Select(one => (IMessage)one),
        _ => KeyReader.ListAsync(session, KeysOfOrganization(), total: keys).Select(key => (IMessage)WithoutHashes(key)),
    };

    private ListKeysRequest KeysOfOrganization()
    {
        var request = new ListKeysRequest();
        if (organization is not null)
        {
            request.OrganizationId = organization;
        }

        return request;
    }
}
