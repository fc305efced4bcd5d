using System.Globalization;

namespace Decision.Cli.Sources;

/// <summary>Reads the fields of a map. A field that nobody knows is a problem: a typing error must not make a test pass.</summary>
internal sealed class NodeReader
{
    private readonly SourceNode _node;
    private readonly SourceProblems _problems;

    private NodeReader(SourceNode node, string path, SourceProblems problems) => (_node, Path, _problems) = (node, path, problems);

    /// <summary>The path of the map.</summary>
    public string Path { get; }

    /// <summary>The map.</summary>
    public SourceNode Node => _node;

    /// <summary>Opens a map.</summary>
    /// <returns>Null where it is none; the problem says so.</returns>
    public static NodeReader? Open(SourceNode node, string path, SourceProblems problems, params ReadOnlySpan<string> known)
    {
        if (node.Kind != SourceKind.Map)
        {
            problems.Add(node, path, $"expected a map, got {node.Description}.");
            return null;
        }

        foreach (var entry in node.Entries)
        {
            if (!known.Contains(entry.Name))
            {
                problems.Add(entry.Line, entry.Column, Join(path, entry.Name), $"is no field here. {Suggestion(entry.Name, known)}");
            }
        }

        return new NodeReader(node, path, problems);
    }

    /// <summary>The path of a field in here.</summary>
    public string PathOf(string name) => Join(Path, name);

    /// <summary>What stands at a field; null = it is absent, or nothing.</summary>
    public SourceNode? Find(string name) => _node.Find(name) is { Kind: not SourceKind.Null } value ? value : null;

    /// <summary>A text; numbers and truths are taken as written. Null = absent.</summary>
    public string? Text(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case { Kind: SourceKind.Text or SourceKind.Number or SourceKind.Boolean } value:
                return value.Text;
            case var other:
                Refuse(other, name, "a text");
                return null;
        }
    }

    /// <summary>True or false; null = absent.</summary>
    public bool? Flag(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case { Kind: SourceKind.Boolean } value:
                return value.Text == "true";
            case var other:
                Refuse(other, name, "true or false");
                return null;
        }
    }

    /// <summary>A whole number; null = absent.</summary>
    public long? Whole(string name, long smallest = long.MinValue, long largest = long.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.Kind == SourceKind.Number
            && long.TryParse(value.Number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= smallest && number <= largest)
        {
            return number;
        }

        string range = smallest == long.MinValue ? "a whole number" : $"a whole number from {smallest}" + (largest == long.MaxValue ? "" : $" to {largest}");
        Refuse(value, name, range);
        return null;
    }

    /// <summary>A list; null = absent.</summary>
    public IReadOnlyList<SourceNode>? List(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case { Kind: SourceKind.List } value:
                return value.Items;
            case var other:
                Refuse(other, name, "a list");
                return null;
        }
    }

    /// <summary>A list of texts; null = absent.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (List(name) is not { } items)
        {
            return null;
        }

        foreach (var item in items.Where(item => item.Kind is SourceKind.List or SourceKind.Map or SourceKind.Null))
        {
            Refuse(item, name, "a list of texts");
        }

        return [.. items.Select(item => item.Text)];
    }

    /// <summary>A word out of a list; null = absent.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Find(name) is not { } value || Text(name) is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        _problems.Add(value, PathOf(name), $"is \"{text}\": write one of {string.Join(", ", words)}.");
        return null;
    }

    /// <summary>Adds what is wrong with a field.</summary>
    public void Refuse(SourceNode value, string name, string expected) =>
        _problems.Add(value, PathOf(name), $"expected {expected}, got {value.Description}.");

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Suggestion(string name, ReadOnlySpan<string> known)
    {
        foreach (string candidate in known)
        {
            if (Distance(name, candidate) <= Math.Max(1, candidate.Length / 4))
            {
                return $"Did you mean {candidate}?";
            }
        }

        return $"There are {string.Join(", ", known)}.";
    }

    // Edits between two names.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
