using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;

namespace Decision.Cli.Sources;

/// <summary>
/// Finds the policies in a text: Tyk's object id -> policy, an array of policies as Tyk's REST API lists them, what <c>policy list</c> writes,
/// or one policy; in JSON, or in YAML, which may hold several documents.
/// </summary>
internal static class WrittenPolicies
{
    /// <summary>Every policy of a text, in its order.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="name">Names it in findings; it is YAML where the name ends so.</param>
    /// <param name="idOfOnly">The id of the only policy of the text where that has none; null = it must have one.</param>
    /// <param name="problems">Receives what is broken in YAML.</param>
    /// <param name="findings">Receives what is broken in JSON, and what is no policy.</param>
    public static IEnumerable<WrittenPolicy> Find(
        ReadOnlyMemory<byte> utf8, string name, string? idOfOnly, SourceProblems problems, FindingList findings)
    {
        if (!SourceFile.IsYaml(name))
        {
            using var document = JsonSource.Parse(utf8, name, findings);
            return document is null ? [] : In(document.RootElement.Clone(), name, idOfOnly, findings);
        }

        var documents = YamlSource.ReadAll(utf8.Span, problems) ?? [];
        return documents.Count == 1
            ? documents.Where(IsNotEmpty).SelectMany(only => In(only.ToJson(), name, idOfOnly, findings))
            : documents.Index().Where(one => IsNotEmpty(one.Item)).SelectMany(one => In(one.Item.ToJson(), $"{name} (document {one.Index + 1})", null, findings));
    }

    private static bool IsNotEmpty(SourceNode document) => document.Kind != SourceKind.Null;

    private static IEnumerable<WrittenPolicy> In(JsonElement root, string name, string? idOfOnly, FindingList findings)
    {
        var list = Listed(root);
        if (list.ValueKind == JsonValueKind.Array)
        {
            return list.EnumerateArray().Select((item, index) => new WrittenPolicy(item, null, $"{name}: [{index}] "));
        }

        if (PolicyDocument.IsOnePolicy(root))
        {
            return [new WrittenPolicy(root, OwnIdOf(root) is null ? idOfOnly : null, $"{name}: ")];
        }

        if (root.ValueKind == JsonValueKind.Object)
        {
            return ById(root, name, findings);
        }

        findings.Error(name, "", "has no policies: write an object, policy id -> policy, an array of policies, or one policy.");
        return [];
    }

    // What the tool itself lists is an object around the array.
    private static JsonElement Listed(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1
        && root.TryGetProperty("policies", out var list) && list.ValueKind == JsonValueKind.Array
            ? list
            : root;

    /// <summary>The id that a policy says it has; null = none.</summary>
    public static string? OwnIdOf(JsonElement policy) => policy.ValueKind != JsonValueKind.Object ? null : policy.EnumerateObject()
        .Where(static member => NameOf(member)?.ToUpperInvariant() is "ID" or "_ID" && member.Value.ValueKind == JsonValueKind.String && !member.Value.ValueEquals(""))
        .Select(static member => member.Value.GetString())
        .FirstOrDefault();

    private static IEnumerable<WrittenPolicy> ById(JsonElement root, string name, FindingList findings)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (NameOf(member) is { } id)
            {
                yield return new WrittenPolicy(member.Value, id, $"{name}: ");
            }
            else
            {
                findings.Error(name, "", "has a policy id that is not valid Unicode text.");
            }
        }
    }

    // Null = it has half of a surrogate pair, which is valid JSON and no text.
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
