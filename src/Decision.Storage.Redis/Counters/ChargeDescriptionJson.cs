using System.Text.Json.Serialization;

namespace Decision.Storage.Redis.Counters;

/// <summary>Charges as JSON.</summary>
[JsonSerializable(typeof(ChargeDescription[]))]
internal sealed partial class ChargeDescriptionJson : JsonSerializerContext;
