using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decision.Client.Tests.Conformance;

/// <summary>Compares as the cases mean it.</summary>
internal static class JsonMatch
{
    private static readonly string[] Durations = ["retry_after", "period", "reset_after"];

    /// <summary>Objects have at least the fields that are named, lists are as long, <c>*</c> = any text that is not empty; durations may be between two.</summary>
    public static void Check(JsonNode? actual, JsonNode? expected, string path, bool isVerdict)
    {
        string name = path[(path.LastIndexOf('.') + 1)..];
        switch (expected)
        {
            case not null when isVerdict && Durations.Contains(name):
                var (least, most) = expected is JsonArray both ? ((double)both[0]!, (double)both[1]!) : ((double)expected, (double)expected);
                Assert.True(actual is not null, $"{path} is absent");
                Assert.True((double)actual >= least - 1e-6 && (double)actual <= most + 1e-6, $"{path} is {actual}, not in {least}..{most}");
                break;
            case JsonObject fields:
                Assert.True(actual is JsonObject, $"{path} is {actual?.ToJsonString()}");
                foreach (var (field, value) in fields)
                {
                    Check(actual![field], value, $"{path}.{field}", isVerdict);
                }

                break;
            case JsonArray items:
                Assert.True(actual is JsonArray list && list.Count == items.Count, $"{path} is {actual?.ToJsonString()}, not {items.ToJsonString()}");
                for (int index = 0; index < items.Count; index++)
                {
                    Check(actual![index], items[index], path, isVerdict);
                }

                break;
            case JsonValue any when any.GetValueKind() == JsonValueKind.String && (string)any! == "*":
                Assert.False(string.IsNullOrEmpty((string?)actual), $"{path} is empty");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(actual, expected), $"{path} is {actual?.ToJsonString()}, not {expected?.ToJsonString()}");
                break;
        }
    }
}
