using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Failures;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Decision.Cli.Records;

/// <summary>
/// YAML as the JSON that it stands for, by YAML's core schema: <c>true</c>, <c>null</c> and numbers are what they look like, everything in quotes
/// is a text. Anchors and <c>&lt;&lt;</c> are followed.
/// </summary>
internal static class YamlJson
{
    private const int DeepestNesting = 64;

    // What an alias stands for is counted each time: a small file cannot become a huge one.
    private const int MostNodes = 1_000_000;

    /// <summary>Each document of a file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">Names it in messages.</param>
    /// <exception cref="CommandException">It is no YAML, or has what JSON cannot say; the line is named.</exception>
    public static IReadOnlyList<JsonNode?> Read(string text, string name)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw Wrong(name, error.Start, error.Message);
        }

        int nodes = 0;
        return [.. stream.Documents.Select(document => Convert(document.RootNode, name, 0, ref nodes))];
    }

    private static JsonNode? Convert(YamlNode node, string name, int depth, ref int nodes)
    {
        if (depth > DeepestNesting || ++nodes > MostNodes)
        {
            throw Wrong(name, node.Start, "it is nested too deeply, or its aliases make too much of it.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var json = new JsonObject();
                AddMembers(mapping, json, name, depth, ref nodes);
                return json;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    list.Add(Convert(item, name, depth + 1, ref nodes));
                }

                return list;
            case YamlScalarNode scalar:
                return Scalar(scalar, name);
            default:
                throw Wrong(name, node.Start, "this cannot be read.");
        }
    }

    // What << brings counts less than what is written.
    private static void AddMembers(YamlMappingNode mapping, JsonObject json, string name, int depth, ref int nodes)
    {
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } field } scalar && !IsMerge(scalar))
            {
                json[field] = Convert(value, name, depth + 1, ref nodes);
            }
            else if (key is not YamlScalarNode)
            {
                throw Wrong(name, key.Start, "a field's name must be a text.");
            }
        }

        foreach (var (_, value) in mapping.Children.Where(member => member.Key is YamlScalarNode scalar && IsMerge(scalar)))
        {
            foreach (var merged in value is YamlSequenceNode many ? many.Children : [value])
            {
                if (Convert(merged, name, depth + 1, ref nodes) is not JsonObject members)
                {
                    throw Wrong(name, merged.Start, "<< takes an object, or a list of objects.");
                }

                foreach (var (field, inner) in members.ToList())
                {
                    members.Remove(field);
                    json.TryAdd(field, inner);
                }
            }
        }
    }

    private static bool IsMerge(YamlScalarNode key) => key is { Value: "<<", Style: ScalarStyle.Plain };

    private static JsonValue? Scalar(YamlScalarNode scalar, string name)
    {
        string text = scalar.Value ?? "";
        bool isText = !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || isText)
        {
            return JsonValue.Create(text);
        }

        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        return Number(text, scalar, name) ?? JsonValue.Create(text);
    }

    private static JsonValue? Number(string text, YamlScalarNode scalar, string name)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return JsonValue.Create(whole);
        }

        if (text.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hexadecimal))
        {
            return JsonValue.Create(hexadecimal);
        }

        if (text.TrimStart('-', '+') is ".inf" or ".Inf" or ".INF" or ".nan" or ".NaN" or ".NAN")
        {
            throw Wrong(name, scalar.Start, $"{text} is no number that a policy can have; -1 is unlimited.");
        }

        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool looksLikeNumber = char.IsAsciiDigit(text.TrimStart('-', '+', '.').FirstOrDefault());
        return looksLikeNumber && double.TryParse(text, Styles, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    private static CommandException Wrong(string name, Mark place, string problem) =>
        CommandException.WrongUse(string.Create(CultureInfo.InvariantCulture, $"{name}:{place.Line}:{place.Column}: {problem}"));
}
