using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Decision.Cli.Sources;

/// <summary>Reads YAML 1.2 as its core schema says, with anchors and merge keys.</summary>
internal static partial class YamlSource
{
    // Deep enough for any file that a person writes; an alias that contains itself ends here.
    private const int DeepestNesting = 64;
    private const string MergeKey = "<<";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one document.</summary>
    /// <returns>Null where it is broken; the problem says where.</returns>
    public static SourceNode? Read(ReadOnlySpan<byte> utf8, SourceProblems problems)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(Utf8.GetString(utf8).TrimStart('\uFEFF')));
            switch (stream.Documents)
            {
                case []:
                    problems.Add("is empty.");
                    return null;
                case [var only]:
                    return Node(only.RootNode, 0);
                case [_, var second, ..]:
                    problems.Add((int)second.RootNode.Start.Line, 0, "", "is a second document: write one document in a file.");
                    return null;
            }
        }
        catch (YamlException broken)
        {
            var (line, column) = broken.Message.Contains("tab", StringComparison.Ordinal) && LineWithTab(utf8) is > 0 and var tabbed
                ? (tabbed, 1)
                : ((int)broken.End.Line, (int)broken.End.Column);
            problems.Add(line, column, "", "is not YAML: " + (broken.InnerException ?? broken).Message);
        }
        catch (ArgumentException)
        {
            problems.Add("is not valid UTF-8: save it as UTF-8.");
        }

        return null;
    }

    // The parser knows only where the map around a tab begins.
    private static int LineWithTab(ReadOnlySpan<byte> utf8)
    {
        int line = 0;
        foreach (var range in utf8.Split((byte)'\n'))
        {
            line++;
            var text = utf8[range];
            int indentation = text.IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (indentation > 0 && text[..indentation].Contains((byte)'\t'))
            {
                return line;
            }
        }

        return 0;
    }

    private static SourceNode Node(YamlNode node, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new YamlException(node.Start, node.End, $"it is nested deeper than {DeepestNesting} levels.");
        }

        var (line, column) = ((int)node.Start.Line, (int)node.Start.Column);
        return node switch
        {
            YamlScalarNode scalar => new SourceNode { Kind = KindOf(scalar), Line = line, Column = column, Text = TextOf(scalar) },
            YamlSequenceNode list => new SourceNode
            {
                Kind = SourceKind.List, Line = line, Column = column, Items = [.. list.Children.Select(item => Node(item, depth + 1))],
            },
            YamlMappingNode map => new SourceNode { Kind = SourceKind.Map, Line = line, Column = column, Entries = Entries(map, depth) },
            _ => throw new YamlException(node.Start, node.End, "it has an alias without an anchor."),
        };
    }

    private static List<SourceEntry> Entries(YamlMappingNode map, int depth)
    {
        var entries = new List<SourceEntry>();
        var merged = new List<SourceEntry>();
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
            {
                throw new YamlException(key.Start, key.End, "a name must be a text.");
            }

            var read = Node(value, depth + 1);
            if (name == MergeKey && scalar.Style == ScalarStyle.Plain)
            {
                merged.AddRange(read.Kind == SourceKind.List ? read.Items.SelectMany(item => item.Entries) : read.Entries);
            }
            else
            {
                entries.Add(new SourceEntry(name, (int)key.Start.Line, (int)key.Start.Column, read));
            }
        }

        // What is written beside a merge key counts before what it brings.
        foreach (var entry in merged.Where(entry => entries.All(own => own.Name != entry.Name)).ToList())
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static SourceKind KindOf(YamlScalarNode scalar) => scalar.Style != ScalarStyle.Plain
        ? SourceKind.Text
        : scalar.Value switch
        {
            null or "" or "~" or "null" or "Null" or "NULL" => SourceKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => SourceKind.Boolean,
            var text => Number().IsMatch(text) ? SourceKind.Number : SourceKind.Text,
        };

    private static string TextOf(YamlScalarNode scalar) =>
        KindOf(scalar) == SourceKind.Boolean ? scalar.Value!.ToLowerInvariant() : scalar.Value ?? "";

    // As JSON writes numbers: 007 and 1_000 are texts.
    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
