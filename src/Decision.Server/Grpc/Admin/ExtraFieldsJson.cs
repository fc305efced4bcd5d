using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decision.Server.Grpc.Admin;

/// <summary>Fields that are kept as they were sent, as JSON.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, JsonElement>))]
internal sealed partial class ExtraFieldsJson : JsonSerializerContext;
