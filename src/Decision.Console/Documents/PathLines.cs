using System.Text.Json.Nodes;

namespace Decision.Console.Documents;

/// <summary>Paths and methods as a person writes them, a line each: <c>GET,POST /path</c>.</summary>
public static class PathLines
{
    /// <summary>The lines of a list.</summary>
    public static string Read(DocumentDraft draft, string path)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.Find(path) is not JsonArray urls ? ""
            : string.Join('\n', urls.OfType<JsonObject>().Select(url =>
                $"{string.Join(',', (url["methods"] as JsonArray ?? []).Select(method => method?.ToString()))} {url["url"]}".Trim()));
    }

    /// <summary>Sets the list; none removes it. What else stands beside a path stays.</summary>
    public static void Write(DocumentDraft draft, string path, string lines)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(lines);
        var before = (draft.Find(path) as JsonArray ?? []).OfType<JsonObject>().ToLookup(url => url["url"]?.ToString());
        var urls = new JsonArray();
        foreach (string line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            string pattern = blank < 0 ? line : line[(blank + 1)..].Trim();
            string[] methods = blank < 0 ? [] : line[..blank].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var url = before[pattern].FirstOrDefault()?.DeepClone() as JsonObject ?? [];
            url["url"] = pattern;
            url["methods"] = new JsonArray([.. methods.Select(method => JsonValue.Create(method.ToUpperInvariant()))]);
            urls.Add((JsonNode)url);
        }

        draft.Set(path, urls.Count > 0 ? urls : null);
    }
}
