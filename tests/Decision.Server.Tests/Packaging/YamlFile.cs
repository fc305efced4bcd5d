using YamlDotNet.RepresentationModel;

namespace Decision.Server.Tests.Packaging;

/// <summary>Reads YAML by paths such as <c>spec/ports/0/port</c>.</summary>
internal static class YamlFile
{
    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<YamlNode> Read(string file)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(file);
        stream.Load(reader);
        Assert.NotEmpty(stream.Documents);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    public static YamlNode? Find(this YamlNode node, string path) => path.Split('/').Aggregate((YamlNode?)node, (at, step) => at switch
    {
        YamlMappingNode map when map.Children.TryGetValue(new YamlScalarNode(step), out var value) => value,
        YamlSequenceNode list => list.Children.ElementAtOrDefault(int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)),
        _ => null,
    });

    /// <summary>A text, number or word; a test that names what is not there fails.</summary>
    public static string Text(this YamlNode node, string path)
    {
        var found = node.Find(path);
        Assert.True(found is YamlScalarNode, $"There is no {path}.");
        return ((YamlScalarNode)found!).Value!;
    }

    /// <summary>The texts of a map by name.</summary>
    public static Dictionary<string, string> Map(this YamlNode node, string path)
    {
        var found = node.Find(path);
        Assert.True(found is YamlMappingNode, $"There is no map {path}.");
        return ((YamlMappingNode)found!).Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value!);
    }

    public static IReadOnlyList<YamlNode> List(this YamlNode node, string path)
    {
        var found = node.Find(path);
        Assert.True(found is YamlSequenceNode, $"There is no list {path}.");
        return [.. ((YamlSequenceNode)found!).Children];
    }
}
