using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;

namespace Decision.Cli.Policies.Apply;

/// <summary>
/// The policies of files and folders: Tyk's policies.json (an object by id, or an array), one policy a file, what this tool writes with
/// <c>--output json</c>, and all of it in YAML.
/// </summary>
internal static class PolicySources
{
    private const string StandardInput = "standard input";
    private static readonly string[] Endings = [".json", ".yaml", ".yml"];

    public static Option<string[]> Option() => new("--file", "-f")
    {
        Description = "A file with policies in JSON or YAML, a folder of such files, or - for JSON on standard input. Can be repeated.",
        HelpName = "FILE|DIR",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The policies of all of them; warnings are told.</summary>
    /// <exception cref="RecordFileException">With every finding in all files.</exception>
    /// <exception cref="CommandException">A file cannot be read, or there is no policy.</exception>
    public static IReadOnlyList<Policy> Read(IEnumerable<string> paths, Session session)
    {
        var findings = new FindingList();
        var policies = new List<Policy>();
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] files = [.. paths.SelectMany(FilesOf)];
        foreach (string file in files)
        {
            string name = file == InputFile.StandardInput ? StandardInput : file;
            foreach (var policy in Parse(InputFile.ReadText(file, session.Shell), name, findings))
            {
                if (policy.Id.Length == 0)
                {
                    findings.Error(name, "id", "is missing: write the policy's id, by which it is found again.");
                }
                else if (!origins.TryAdd(policy.Id, name))
                {
                    findings.Error($"{name}: policy {policy.Id}", "id", $"is in {origins[policy.Id]} as well: rename or remove one of them.");
                }
                else
                {
                    policies.Add(policy);
                }
            }
        }

        if (findings.HasErrors)
        {
            throw new RecordFileException(findings);
        }

        foreach (var finding in findings)
        {
            session.Output.Note($"warning: {finding}");
        }

        return policies.Count > 0 ? policies : throw CommandException.WrongUse($"There is no policy in {string.Join(", ", files)}.");
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        string[] files =
        [
            .. Directory.EnumerateFiles(path, "*", all)
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw CommandException.WrongUse($"The folder {path} has no file that ends with .json, .yaml or .yml.");
    }

    private static IEnumerable<Policy> Parse(string text, string name, FindingList findings)
    {
        if (Path.GetExtension(name) is not (".yaml" or ".yml"))
        {
            return ParseJson(text, name, findings);
        }

        var documents = YamlJson.Read(text, name);
        return documents.Where(document => document is not null).SelectMany((document, index) =>
            ParseJson(JsonText.WriteLine(document!), documents.Count > 1 ? $"{name} (document {index + 1})" : name, findings));
    }

    private static IReadOnlyList<Policy> ParseJson(string text, string name, FindingList findings) =>
        RecordFile.Parse(Prepared(text, name) ?? text, name, RecordKinds.Policy, findings);

    // What policy list writes is an object around the array; and the only policy of a file has its name, where it says none. Null = as it is.
    private static string? Prepared(string text, string name)
    {
        try
        {
            if (JsonNode.Parse(text) is not JsonObject root)
            {
                return null;
            }

            if (root.Count == 1 && root["policies"] is JsonArray list)
            {
                return JsonText.WriteLine(list);
            }

            bool isPolicy = root.Any(member => member.Value is not JsonObject || RecordKinds.Policy.ObjectFields.Contains(member.Key));
            bool hasId = root.Any(member => member.Key.ToUpperInvariant() is "ID" or "_ID");
            if (!isPolicy || hasId || name == StandardInput)
            {
                return null;
            }

            root["id"] = Path.GetFileNameWithoutExtension(name);
            return JsonText.WriteLine(root);
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or ArgumentException)
        {
            // No JSON, or a field twice: the reader says what.
            return null;
        }
    }
}
