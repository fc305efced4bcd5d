using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Google.Protobuf;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Cli.Records;

/// <summary>How records of one kind are read from files: the engine's own readers know every spelling that a policy file may use.</summary>
/// <param name="Noun">Names one of them in messages.</param>
/// <param name="IdField">The field with its id.</param>
/// <param name="ObjectFields">Fields that hold objects; by these a record is told from a map of records by id.</param>
/// <param name="OutputFields">What the service answers beside the record, and a file may hold too.</param>
/// <param name="ReadCanonical">Reads and checks a record; writes it in the protos' names. False = there are errors.</param>
/// <param name="Parse">From JSON in the protos' names to the message.</param>
internal sealed record RecordKind<T>(
    string Noun,
    string IdField,
    IReadOnlyList<string> ObjectFields,
    IReadOnlyList<string> OutputFields,
    RecordReading ReadCanonical,
    Func<System.Text.Json.Nodes.JsonObject, T> Parse)
    where T : IMessage<T>;

/// <summary>Reads and checks a record, and writes it in one form.</summary>
/// <param name="json">The record.</param>
/// <param name="outerId">Its id as written around it; null = none.</param>
/// <param name="prefix">Stands before the record's name in findings.</param>
/// <param name="findings">Receives every finding.</param>
/// <param name="writer">Receives the record.</param>
/// <returns>False where there are errors.</returns>
internal delegate bool RecordReading(JsonElement json, string? outerId, string prefix, FindingList findings, Utf8JsonWriter writer);

/// <summary>The kinds of records.</summary>
internal static class RecordKinds
{
    public static RecordKind<V1.Policy> Policy { get; } = new(
        "policy",
        "id",
        ["access_rights", "partitions", "meta_data", "smoothing", "graphql_access_rights", "extra_fields"],
        ["etag", "revision", "source"],
        (json, id, prefix, findings, writer) => Written(PolicyJson.ReadChecked(json, id, findings, prefix), policy => PolicyJson.Write(writer, policy)),
        RecordMessage.Parse<V1.Policy>);

    public static RecordKind<V1.Api> Api { get; } = new(
        "API",
        "api_id",
        ["auth", "extra_fields"],
        ["etag", "revision", "source"],
        (json, id, prefix, findings, writer) => Written(ApiJson.ReadChecked(json, id, findings, prefix), api => ApiJson.Write(writer, api)),
        RecordMessage.Parse<V1.Api>);

    public static RecordKind<V1.Organization> Organization { get; } = new(
        "organisation",
        "organization_id",
        ["meta_data", "extra_fields"],
        ["etag", "revision"],
        (json, id, prefix, findings, writer) =>
            Written(OrganizationJson.ReadChecked(json, id, findings, prefix), organization => OrganizationJson.Write(writer, organization)),
        RecordMessage.Parse<V1.Organization>);

    public static RecordKind<V1.Key> Key { get; } = new(
        "key",
        "key_id",
        ["access_rights", "meta_data", "smoothing", "monitor", "extra_fields"],
        ["etag", "key_hashes", "key_id"],
        (json, _, prefix, findings, writer) => Written(KeyJson.ReadChecked(json, findings, $"{prefix}key"), key => KeyJson.Write(writer, key, withSecrets: true)),
        RecordMessage.Parse<V1.Key>);

    private static bool Written<T>(T? record, Action<T> write)
        where T : class
    {
        if (record is not null)
        {
            write(record);
        }

        return record is not null;
    }
}
