using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Decision.Cli.Records;

/// <summary>What the serializer must know.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class RecordJsonContext : JsonSerializerContext;
