using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Decision.Cli.Sources;

/// <summary>Makes nodes of what the parser finds in a file. What is wrong with values is collected; a broken form ends it.</summary>
internal sealed class YamlReader(TextReader text, SourceProblems problems)
{
    // Deep enough for any file that a person writes, and no more than JSON may have here.
    private const int DeepestNesting = 64;

    // What an alias stands for is counted each time: a small file cannot become a huge one.
    private const int MostAliased = 1_000_000;
    private const string MergeKey = "<<";

    private readonly Parser _parser = new(text);
    private readonly Dictionary<AnchorName, Anchored> _anchors = [];
    private long _nodes;
    private long _aliased;
    private int _deepest;

    /// <summary>Every document.</summary>
    /// <exception cref="YamlException">The form is broken, or aliases make too much of it.</exception>
    public IReadOnlyList<SourceNode> Documents()
    {
        var documents = new List<SourceNode>();
        _parser.Consume<StreamStart>();
        while (!_parser.TryConsume<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            _anchors.Clear();
            documents.Add(Node(0));
            _parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private SourceNode Node(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Aliased(alias, depth);
        }

        var start = _parser.Require<NodeEvent>();
        Enter(depth, start.Start);
        if (start.Anchor.IsEmpty)
        {
            return Content(start, depth);
        }

        // An anchor counts when its node is complete: a node cannot contain itself.
        var (nodes, deepest) = (_nodes, _deepest);
        _deepest = depth;
        var node = Content(start, depth);
        _anchors[start.Anchor] = new Anchored(node, _nodes - nodes + 1, _deepest - depth);
        _deepest = Math.Max(deepest, _deepest);
        return node;
    }

    private SourceNode Aliased(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchored))
        {
            throw new YamlException(alias.Start, alias.Start, $"*{alias.Value} has no anchor &{alias.Value} that is complete above it.");
        }

        Enter(depth + anchored.Height, alias.Start);
        _nodes += anchored.Nodes;
        _aliased += anchored.Nodes;
        return _aliased <= MostAliased
            ? anchored.Node
            : throw new YamlException(alias.Start, alias.Start, $"its aliases make more than {MostAliased} values of it: write fewer of them.");
    }

    private void Enter(int depth, Mark place)
    {
        if (depth > DeepestNesting)
        {
            throw new YamlException(place, place, $"it is nested deeper than {DeepestNesting} levels: flatten it.");
        }

        _nodes++;
        _deepest = Math.Max(_deepest, depth);
    }

    private SourceNode Content(NodeEvent start, int depth)
    {
        if (start is Scalar)
        {
            return YamlScalar.Read(_parser.Consume<Scalar>(), problems);
        }

        YamlScalar.CheckTag(start, start is MappingStart ? "map" : "seq", problems);
        var (line, column) = PlaceOf(start.Start);
        return start is MappingStart
            ? new SourceNode { Kind = SourceKind.Map, Line = line, Column = column, Entries = Entries(depth) }
            : new SourceNode { Kind = SourceKind.List, Line = line, Column = column, Items = Items(depth) };
    }

    private List<SourceNode> Items(int depth)
    {
        var items = new List<SourceNode>();
        _parser.Consume<SequenceStart>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return items;
    }

    private List<SourceEntry> Entries(int depth)
    {
        var entries = new List<SourceEntry>();
        var merged = new List<SourceEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            bool isMerge = _parser.Accept<Scalar>(out var plain) && plain is { Value: MergeKey, Style: ScalarStyle.Plain };
            var (line, column) = PlaceOf(_parser.Require<ParsingEvent>().Start);
            string? name = Name(depth);
            var value = Node(depth + 1);
            if (name is null)
            {
                problems.Add(line, column, "", "a field's name must be a text.");
            }
            else if (!names.Add(name))
            {
                problems.Add(line, column, name, "is there twice: remove one.");
            }
            else if (isMerge)
            {
                merged.AddRange(Merged(value));
            }
            else
            {
                entries.Add(new SourceEntry(name, line, column, value));
            }
        }

        // What is written beside a merge key counts before what it brings, and of that what comes first.
        entries.AddRange(merged.Where(entry => names.Add(entry.Name)));
        return entries;
    }

    // Null = a list or a map.
    private string? Name(int depth)
    {
        if (!_parser.Accept<Scalar>(out var written))
        {
            return Node(depth + 1) is { Kind: not (SourceKind.List or SourceKind.Map) } aliased ? aliased.Text : null;
        }

        _parser.Consume<Scalar>();
        if (!written.Anchor.IsEmpty)
        {
            _anchors[written.Anchor] = new Anchored(YamlScalar.Read(written, problems), Nodes: 1, Height: 0);
        }

        return written.Value;
    }

    private IEnumerable<SourceEntry> Merged(SourceNode value)
    {
        IReadOnlyList<SourceNode> maps = value.Kind == SourceKind.List ? value.Items : [value];
        foreach (var wrong in maps.Where(map => map.Kind != SourceKind.Map))
        {
            problems.Add(wrong, "", $"{MergeKey} takes an object, or a list of objects.");
        }

        return maps.SelectMany(map => map.Entries);
    }

    private static (int Line, int Column) PlaceOf(Mark mark) => ((int)mark.Line, (int)mark.Column);

    /// <summary>A node with an anchor.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Nodes">How many it is made of, itself among them.</param>
    /// <param name="Height">How many levels are below it.</param>
    private sealed record Anchored(SourceNode Node, long Nodes, int Height);
}
