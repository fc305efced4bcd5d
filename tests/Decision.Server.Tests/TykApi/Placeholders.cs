using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decision.Server.Tests.TykApi;

/// <summary>Values that the server makes: <c>{{name}}</c> takes what stands in its place the first time, and must meet it again later.</summary>
internal sealed partial class Placeholders
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal) { ["secret"] = RunningServer.Secret };

    public string this[string name] => _values[name];

    /// <summary>The text with the values known so far.</summary>
    public string Fill(string text) => Name().Replace(text, match => _values.TryGetValue(match.Groups[1].Value, out string? value) ? value : match.Value);

    /// <summary>Where two JSON values differ; null = nowhere. Fields may stand in any order.</summary>
    public string? Difference(JsonElement expected, JsonElement actual, string path = "$")
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object when actual.ValueKind == JsonValueKind.Object:
                var names = expected.EnumerateObject().Select(field => field.Name).ToHashSet();
                return actual.EnumerateObject().Where(field => !names.Contains(field.Name)).Select(field => $"{path}.{field.Name} is not expected").FirstOrDefault()
                    ?? expected.EnumerateObject().Select(field => actual.TryGetProperty(field.Name, out var value)
                        ? Difference(field.Value, value, $"{path}.{field.Name}")
                        : $"{path}.{field.Name} is missing").FirstOrDefault(difference => difference is not null);
            case JsonValueKind.Array when actual.ValueKind == JsonValueKind.Array:
                return expected.GetArrayLength() != actual.GetArrayLength()
                    ? $"{path} has {actual.GetArrayLength()} items, not {expected.GetArrayLength()}"
                    : expected.EnumerateArray().Zip(actual.EnumerateArray()).Select((pair, index) => Difference(pair.First, pair.Second, $"{path}[{index}]"))
                        .FirstOrDefault(difference => difference is not null);
            case JsonValueKind.String when actual.ValueKind == JsonValueKind.String:
                return TextDifference(expected.GetString()!, actual.GetString()!, path);
            default:
                return expected.GetRawText() == actual.GetRawText() ? null : $"{path} is {actual.GetRawText()}, not {expected.GetRawText()}";
        }
    }

    private string? TextDifference(string expected, string actual, string path)
    {
        string filled = Fill(expected);
        if (Name().Match(filled) is { Success: true } unknown && unknown.Value == filled)
        {
            _values[unknown.Groups[1].Value] = actual;
            return actual.Length > 0 ? null : $"{path} is empty";
        }

        return filled == actual ? null : $"{path} is \"{actual}\", not \"{filled}\"";
    }

    [GeneratedRegex(@"\{\{([a-z0-9_]+)\}\}")]
    private static partial Regex Name();
}
