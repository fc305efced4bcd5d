using System.Text.Json.Serialization;

namespace Decision.Storage.Embedded.Keys;

/// <summary>Parameters of queries that are lists, as JSON.</summary>
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class KeyQueriesJson : JsonSerializerContext;
