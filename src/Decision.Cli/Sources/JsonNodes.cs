using System.Text;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;

namespace Decision.Cli.Sources;

/// <summary>Reads JSON into nodes that know their lines.</summary>
internal static class JsonNodes
{
    /// <summary>Reads one value.</summary>
    /// <returns>Null where it is broken; the problem says where.</returns>
    public static SourceNode? Read(byte[] utf8, SourceProblems problems)
    {
        var findings = new FindingList();
        using var document = JsonSource.Parse(utf8, problems.File, findings);
        if (document is null)
        {
            problems.AddUnparsed(findings[0]);
            return null;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 64 });
        reader.Read();
        return Node(ref reader, new Lines(utf8), problems, "");
    }

    private static SourceNode Node(ref Utf8JsonReader reader, Lines lines, SourceProblems problems, string path)
    {
        var (line, column) = lines.PlaceOf((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return new SourceNode { Kind = SourceKind.Map, Line = line, Column = column, Entries = Entries(ref reader, lines, problems, path) };
            case JsonTokenType.StartArray:
                var items = new List<SourceNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Node(ref reader, lines, problems, path));
                }

                return new SourceNode { Kind = SourceKind.List, Line = line, Column = column, Items = items };
            default:
                return new SourceNode { Kind = KindOf(reader.TokenType), Line = line, Column = column, Text = TextOf(ref reader) };
        }
    }

    private static List<SourceEntry> Entries(ref Utf8JsonReader reader, Lines lines, SourceProblems problems, string path)
    {
        var entries = new List<SourceEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (line, column) = lines.PlaceOf((int)reader.TokenStartIndex);
            string name = TextOf(ref reader);
            reader.Read();
            string inner = path.Length == 0 ? name : $"{path}.{name}";
            var entry = new SourceEntry(name, line, column, Node(ref reader, lines, problems, inner));
            if (entries.Any(other => other.Name == name))
            {
                problems.Add(line, column, inner, "is there twice: remove one.");
            }

            entries.Add(entry);
        }

        return entries;
    }

    private static SourceKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => SourceKind.Text,
        JsonTokenType.Number => SourceKind.Number,
        JsonTokenType.Null => SourceKind.Null,
        _ => SourceKind.Boolean,
    };

    private static string TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which is valid JSON and no text.
            return "\uFFFD";
        }
    }

    // Where lines begin, to find that of a byte.
    private sealed class Lines
    {
        private readonly List<int> _starts = [0];

        public Lines(ReadOnlySpan<byte> utf8)
        {
            for (int at = 0; at < utf8.Length; at++)
            {
                if (utf8[at] == (byte)'\n')
                {
                    _starts.Add(at + 1);
                }
            }
        }

        public (int Line, int Column) PlaceOf(int at)
        {
            int found = _starts.BinarySearch(at);
            int line = found >= 0 ? found : ~found - 1;
            return (line + 1, at - _starts[line] + 1);
        }
    }
}
