using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Rules;

namespace Decision.Engine.Json;

/// <summary>The files that hold policies. Everything is read and checked, with all findings at once; one error refuses the file.</summary>
public static class PolicyDocument
{
    private const string JsonEnding = ".json";

    // The fields of a policy that are objects: with only such fields, a file could be read both ways.
    private static readonly string[] ObjectFields = ["access_rights", "partitions", "meta_data", "smoothing", "graphql_access_rights"];

    /// <summary>Reads the file of <c>policy_record_name</c>: one JSON object, policy id -> policy.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="fileName">Names the file in findings.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>The policies by id; null when there is an error.</returns>
    public static IReadOnlyDictionary<string, Policy>? ReadObject(
        ReadOnlyMemory<byte> utf8, string fileName, FindingList findings, UrlMatching matching = UrlMatching.Segments)
    {
        using var document = JsonSource.Parse(utf8, fileName, findings);
        if (document is null)
        {
            return null;
        }

        if (IsOnePolicy(document.RootElement))
        {
            findings.Error(
                fileName,
                "",
                "is one policy, but must be an object of policies: write {\"<policy id>\": {...}}, or put the file into the "
                + "directory of policy_path.");
            return null;
        }

        return ReadMap(document.RootElement, fileName, findings, new PatternCheck(matching));
    }

    /// <summary>
    /// Reads a file of the directory of <c>policy_path</c>: one policy (its id is <c>id</c>, else <c>_id</c>, else the file's name), or an
    /// object policy id -> policy. It is one policy when a field of a policy's name holds something other than an object (<c>"rate": 3</c>),
    /// or when it has only <c>access_rights</c>, <c>partitions</c>, <c>meta_data</c> and the like.
    /// </summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="fileName">Names the file in findings.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>The policies by id; null when there is an error.</returns>
    public static IReadOnlyDictionary<string, Policy>? ReadDirectoryFile(
        ReadOnlyMemory<byte> utf8, string fileName, FindingList findings, UrlMatching matching = UrlMatching.Segments)
    {
        using var document = JsonSource.Parse(utf8, fileName, findings);
        if (document is null)
        {
            return null;
        }

        var root = document.RootElement;
        if (!IsOnePolicy(root))
        {
            return ReadMap(root, fileName, findings, new PatternCheck(matching));
        }

        var id = Subjects.IdIn(root, "id", "_id");
        return PolicyJson.ReadChecked(root, id.Length > 0 ? id : NameOf(fileName), findings, Prefix(fileName), matching) is { } policy
            ? new Dictionary<string, Policy>(StringComparer.Ordinal) { [policy.Id] = policy }
            : null;
    }

    /// <summary>Whether an object is one policy, and not an object policy id -> policy: the rule of <see cref="ReadDirectoryFile"/>.</summary>
    public static bool IsOnePolicy(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var hasFields = false;
        var hasOthers = false;
        foreach (var property in root.EnumerateObject())
        {
            var name = JsonText.ReadName(property);
            var isObject = property.Value.ValueKind == JsonValueKind.Object;
            if (!isObject && name is not null && PolicyJson.Names.Find(name) is not null)
            {
                return true;
            }

            var isObjectField = isObject && ObjectFields.Contains(name, StringComparer.OrdinalIgnoreCase);
            hasFields |= isObjectField;
            hasOthers |= !isObjectField;
        }

        return hasFields && !hasOthers;
    }

    private static Dictionary<string, Policy>? ReadMap(
        JsonElement root, string fileName, FindingList findings, PatternCheck patterns)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            findings.Error(fileName, "", $"expected one object, policy id -> policy, got {JsonText.Describe(root)}.");
            return null;
        }

        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var isRefused = false;
        foreach (var property in root.EnumerateObject())
        {
            if (JsonText.ReadName(property) is not { } id)
            {
                findings.Error(fileName, "", "has a policy id that is not valid Unicode text.");
                isRefused = true;
                continue;
            }

            if (!seen.Add(id))
            {
                findings.Error(Subjects.Policy(id, Prefix(fileName)), "", "is there twice: remove one.");
                isRefused = true;
            }

            if (PolicyJson.ReadChecked(property.Value, id, findings, Prefix(fileName), patterns) is { } policy)
            {
                policies[id] = policy;
            }
            else
            {
                isRefused = true;
            }
        }

        return isRefused ? null : policies;
    }

    private static string Prefix(string fileName) => $"{fileName}: ";

    private static string NameOf(string fileName)
    {
        var name = fileName[(fileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        return name.EndsWith(JsonEnding, StringComparison.OrdinalIgnoreCase) ? name[..^JsonEnding.Length] : name;
    }
}
