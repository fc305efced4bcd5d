using Decision.Cli.Records;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Decision.Engine.Policies;

namespace Decision.Cli.Sources;

/// <summary>Policies of a file or a folder, as the engine has them.</summary>
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
        bool isFolder = Directory.Exists(path);
        IReadOnlyList<string> files = isFolder ? PolicyFolder.Files(path) : [path];
        if (files.Count == 0)
        {
            findings.Error(Path.GetFileName(path), "", $"{PolicyFolder.IsEmpty}.");
        }

        return Read(files.Select(file => ((ReadOnlyMemory<byte>)File.ReadAllBytes(file), isFolder ? Path.GetRelativePath(path, file) : Path.GetFileName(file))), findings, matching);
    }

    /// <summary>Reads and checks the policies of a text.</summary>
    public static IReadOnlyDictionary<string, Policy>? Read(ReadOnlyMemory<byte> utf8, string name, FindingList findings, UrlMatching matching) =>
        Read([(utf8, name)], findings, matching);

    private static Dictionary<string, Policy>? Read(
        IEnumerable<(ReadOnlyMemory<byte> Utf8, string Name)> texts, FindingList findings, UrlMatching matching)
    {
        var own = new FindingList();
        var policies = new PolicySet<Policy>(
            written => PolicyJson.ReadChecked(RecordForm.AsFile(written.Json, RecordKinds.Policy), written.OuterId, own, written.Prefix, matching),
            static policy => policy.Id,
            own);
        foreach (var (utf8, name) in texts)
        {
            var problems = new SourceProblems(name);
            policies.Add(WrittenPolicies.Find(utf8, name, Path.GetFileNameWithoutExtension(name), problems, own), name);
            foreach (var problem in problems.All)
            {
                own.Error(problem.Place, problem.Field, problem.Message);
            }
        }

        bool isRefused = own.HasErrors;
        findings.AddRange(own);
        return isRefused ? null : policies.Policies.ToDictionary(static policy => policy.Id, StringComparer.Ordinal);
    }
}
