using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Decision.Client.Tests.Conformance;

/// <summary>What steps kept, and what stands for it in later ones: <c>${name.field}</c>, and <c>${unique}</c>.</summary>
internal sealed partial class KeptFields
{
    private readonly Dictionary<string, JsonNode> _kept = [];
    private readonly string _unique = Guid.NewGuid().ToString("n")[..12];

    public void Keep(JsonObject step, JsonNode value)
    {
        if (step["as"] is { } name)
        {
            _kept[(string)name!] = value.DeepClone();
        }
    }

    /// <summary>A value with everything filled in, names of fields included.</summary>
    public T FillIn<T>(T value)
        where T : JsonNode => (T)JsonNode.Parse(Placeholder().Replace(value.ToJsonString(), Of))!;

    private string Of(Match match)
    {
        string path = match.Groups[1].Value;
        if (path == "unique")
        {
            return _unique;
        }

        string[] parts = path.Split('.');
        JsonNode? found = _kept[parts[0]];
        foreach (string field in parts[1..])
        {
            found = found?[field];
        }

        Assert.NotNull(found);
        return found.ToJsonString().Trim('"');
    }

    [GeneratedRegex(@"\$\{([\w.]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
