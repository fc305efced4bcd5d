using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Rules;

namespace Decision.Cli.Sources;

/// <summary>
/// Policies of a file or a folder: Tyk's object id -> policy, one policy, or an array of policies, as Tyk's REST API lists them.
/// </summary>
internal static class PolicyFile
{
    /// <summary>Reads and checks all policies.</summary>
    /// <param name="path">A JSON or YAML file, or a folder of them.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>The policies by id; null where there is an error.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<string, Policy>? Read(string path, FindingList findings, UrlMatching matching)
    {
        if (!Directory.Exists(path))
        {
            return ReadFile(path, findings, matching);
        }

        string[] files = [.. Directory.EnumerateFiles(path).Where(file => SourceFile.IsJson(file) || SourceFile.IsYaml(file)).Order(StringComparer.Ordinal)];
        var read = files.Select(file => (Path.GetFileName(file), ReadFile(file, findings, matching))).ToList();
        return findings.HasErrors
            ? null
            : PolicySetRules.Join(read.Select(static one => (one.Item1, one.Item2!)), findings) is { } joined && !findings.HasErrors ? joined : null;
    }

    /// <summary>Reads and checks the policies of a text.</summary>
    public static IReadOnlyDictionary<string, Policy>? Read(ReadOnlyMemory<byte> utf8, string name, FindingList findings, UrlMatching matching)
    {
        using var document = JsonSource.Parse(utf8, name, findings);
        if (document is null)
        {
            return null;
        }

        return document.RootElement.ValueKind == JsonValueKind.Array
            ? ReadArray(document.RootElement, name, findings, matching)
            : PolicyDocument.ReadDirectoryFile(utf8, name, findings, matching);
    }

    private static IReadOnlyDictionary<string, Policy>? ReadFile(string path, FindingList findings, UrlMatching matching)
    {
        string name = Path.GetFileName(path);
        if (!SourceFile.IsYaml(path))
        {
            return Read(File.ReadAllBytes(path), name, findings, matching);
        }

        var problems = new SourceProblems(name);
        if (YamlSource.Read(File.ReadAllBytes(path), problems) is not { } node)
        {
            findings.Error(name, "", string.Join(' ', problems.All.Select(static problem => $"line {problem.Line}: {problem.Message}")));
            return null;
        }

        return Read(JsonSerializer.SerializeToUtf8Bytes(node.ToJson()), Path.ChangeExtension(name, ".json"), findings, matching);
    }

    private static Dictionary<string, Policy>? ReadArray(JsonElement array, string name, FindingList findings, UrlMatching matching)
    {
        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        int index = 0;
        bool isRefused = false;
        foreach (var item in array.EnumerateArray())
        {
            if (PolicyJson.ReadChecked(item, null, findings, $"{name}: [{index}] ", matching) is not { } policy)
            {
                isRefused = true;
            }
            else if (!policies.TryAdd(policy.Id, policy))
            {
                findings.Error($"{name}: policy {policy.Id}", "id", "is there twice: remove one.");
                isRefused = true;
            }

            index++;
        }

        return isRefused ? null : policies;
    }
}
