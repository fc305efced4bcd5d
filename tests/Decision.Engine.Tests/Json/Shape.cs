using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Decision.Engine.Findings;

namespace Decision.Engine.Tests.Json;

/// <summary>What tests say about records and findings: values as text, so that a difference can be read.</summary>
internal static class Shape
{
    /// <summary>Every property of a value, all the way down. Records of arrays have no equality by value of their own.</summary>
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, "");
        return text.ToString();
    }

    /// <summary>Findings as lines: severity, subject, field, message.</summary>
    public static string[] Lines(FindingList findings) =>
        [.. findings.Select(finding => $"{(finding.Severity == FindingSeverity.Error ? "error" : "warning")} {finding}")];

    public static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Append(StringBuilder text, object? value, string path)
    {
        switch (value)
        {
            case null:
                text.AppendLine(CultureInfo.InvariantCulture, $"{path}=null");
                break;
            case JsonElement element:
                text.AppendLine(CultureInfo.InvariantCulture, $"{path}={JsonSerializer.Serialize(element)}");
                break;
            case string or bool or Enum or IFormattable:
                text.AppendLine(CultureInfo.InvariantCulture, $"{path}={value}");
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    Append(text, entry.Value, $"{path}[{entry.Key}]");
                }

                break;
            case IEnumerable items:
                var index = 0;
                foreach (var item in items)
                {
                    Append(text, item, $"{path}[{index++}]");
                }

                break;
            default:
                foreach (var property in value.GetType().GetProperties().Where(property => property.GetMethod is { IsStatic: false }))
                {
                    Append(text, property.GetValue(value), $"{path}.{property.Name}");
                }

                break;
        }
    }
}
