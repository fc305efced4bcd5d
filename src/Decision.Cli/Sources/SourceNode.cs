using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Decision.Cli.Sources;

/// <summary>A place of a YAML or JSON text with the line that it is on, so that whatever is wrong there can be found.</summary>
internal sealed class SourceNode
{
    /// <summary>What it is.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The column, from 1.</summary>
    public required int Column { get; init; }

    /// <summary>Text, number or truth as written; empty for the others.</summary>
    public string Text { get; init; } = "";

    /// <summary>A number as JSON writes it.</summary>
    /// <value>The text, which is that in JSON files; YAML may have written it otherwise.</value>
    public string Number
    {
        get => field ?? Text;
        init;
    }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<SourceNode> Items { get; init; } = [];

    /// <summary>The names of a map, in their order.</summary>
    public IReadOnlyList<SourceEntry> Entries { get; init; } = [];

    /// <summary>What it is, for a sentence: <c>the number 3</c>.</summary>
    public string Description => Kind switch
    {
        SourceKind.Null => "nothing",
        SourceKind.Boolean => Text,
        SourceKind.Number => "the number " + Text,
        SourceKind.Text => $"the text \"{Text}\"",
        SourceKind.List => "a list",
        _ => "a map",
    };

    /// <summary>The value of a name; null = it is not there.</summary>
    public SourceNode? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name)?.Value;

    /// <summary>The nearest place of a field's path, such as <c>access_rights.orders.allowed_urls[0].url</c>.</summary>
    public SourceNode Locate(string path)
    {
        if (path.StartsWith('['))
        {
            int end = path.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && int.TryParse(path.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < Items.Count
                ? Items[index].Locate(path[(end + 1)..].TrimStart('.'))
                : this;
        }

        foreach (var entry in Entries)
        {
            if (path.StartsWith(entry.Name, StringComparison.Ordinal)
                && (path.Length == entry.Name.Length || path[entry.Name.Length] is '.' or '['))
            {
                return entry.Value.Locate(path[entry.Name.Length..].TrimStart('.'));
            }
        }

        return this;
    }

    /// <summary>The same as JSON.</summary>
    public JsonElement ToJson() => ToJson(static (_, _) => null);

    /// <summary>The same as JSON.</summary>
    /// <param name="replace">What stands for a value of the outermost map; null = the value itself.</param>
    public JsonElement ToJson(Func<string, SourceNode, long?> replace)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, replace);
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = 256 });
        return JsonElement.ParseValue(ref reader);
    }

    private void Write(Utf8JsonWriter writer, Func<string, SourceNode, long?>? replace)
    {
        switch (Kind)
        {
            case SourceKind.Null:
                writer.WriteNullValue();
                break;
            case SourceKind.Boolean:
                writer.WriteBooleanValue(Text == "true");
                break;
            case SourceKind.Number:
                writer.WriteRawValue(Number);
                break;
            case SourceKind.Text:
                writer.WriteStringValue(Text);
                break;
            case SourceKind.List:
                writer.WriteStartArray();
                foreach (var item in Items)
                {
                    item.Write(writer, null);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteMap(writer, replace);
                break;
        }
    }

    private void WriteMap(Utf8JsonWriter writer, Func<string, SourceNode, long?>? replace)
    {
        writer.WriteStartObject();
        foreach (var (name, _, _, value) in Entries)
        {
            writer.WritePropertyName(name);
            if (replace?.Invoke(name, value) is long number)
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                value.Write(writer, null);
            }
        }

        writer.WriteEndObject();
    }
}
