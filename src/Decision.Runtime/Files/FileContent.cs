using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Rules;

namespace Decision.Runtime.Files;

/// <summary>What the files say, each policy and API with the name of its file.</summary>
internal sealed record FileContent(
    IReadOnlyDictionary<string, (Policy Policy, string Source)> Policies,
    IReadOnlyDictionary<string, (Api Api, string Source)> Apis)
{
    /// <summary>Reads and checks everything, so that the findings of all files come at once; usable only without errors.</summary>
    public static FileContent Read(FileSnapshot snapshot, FileSources sources, UrlMatching matching, FindingList findings)
    {
        var policies = new List<(string Source, IReadOnlyDictionary<string, Policy> Policies)>();
        var apis = new Dictionary<string, (Api, string)>(StringComparer.Ordinal);
        if (snapshot.FolderProblem is { } problem)
        {
            findings.Error(sources.PolicyFolder, "", problem);
        }

        foreach (var file in snapshot.Files)
        {
            if (file.Problem is not null)
            {
                findings.Error(file.Name, "", file.Problem);
                continue;
            }

            byte[] content = file.Content ?? throw new InvalidOperationException($"The content of {file.Name} was not kept.");
            if (file.Role == FileRole.Apis)
            {
                foreach (var (id, api) in ApiDocument.Read(content, file.Name, findings, matching) ?? NoApis)
                {
                    apis[id] = (api, file.Name);
                }
            }
            else
            {
                var read = file.Role == FileRole.Policies
                    ? PolicyDocument.ReadObject(content, file.Name, findings, matching)
                    : PolicyDocument.ReadDirectoryFile(content, file.Name, findings, matching);
                policies.Add((file.Name, read ?? NoPolicies));
            }
        }

        return new FileContent(Join(policies, findings), apis);
    }

    private static readonly Dictionary<string, Policy> NoPolicies = [];

    private static readonly Dictionary<string, Api> NoApis = [];

    private static Dictionary<string, (Policy, string)> Join(
        List<(string Source, IReadOnlyDictionary<string, Policy> Policies)> files, FindingList findings)
    {
        PolicySetRules.Join(files, findings);
        var joined = new Dictionary<string, (Policy, string)>(StringComparer.Ordinal);
        foreach (var (source, some) in files)
        {
            foreach (var (id, policy) in some)
            {
                joined.TryAdd(id, (policy, source));
            }
        }

        return joined;
    }
}
