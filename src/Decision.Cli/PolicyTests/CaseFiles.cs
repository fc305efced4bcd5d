using Decision.Cli.Sources;

namespace Decision.Cli.PolicyTests;

/// <summary>Finds the files with tests.</summary>
internal static class CaseFiles
{
    /// <summary>How the files with tests end that a folder is searched for.</summary>
    public static readonly string[] Endings = [".test.yaml", ".test.yml", ".test.json"];

    /// <summary>Whether a file holds tests by its name.</summary>
    public static bool IsTest(string path) => Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Files as they are named; of folders, all below them that end as tests do.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="problems">Receives what does not exist, or has no tests.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, List<SourceProblem> problems)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                string[] found = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsTest).Order(StringComparer.Ordinal)];
                files.AddRange(found);
                if (found.Length == 0)
                {
                    problems.Add(new SourceProblem(path, 0, 0, "", $"has no tests: they are files that end with {string.Join(", ", Endings)}."));
                }
            }
            else if (!File.Exists(path))
            {
                problems.Add(new SourceProblem(path, 0, 0, "", "does not exist."));
            }
            else if (!SourceFile.IsYaml(path) && !SourceFile.IsJson(path))
            {
                problems.Add(new SourceProblem(path, 0, 0, "", "is neither .yaml nor .json: tests are written in one of these."));
            }
            else
            {
                files.Add(path);
            }
        }

        return [.. files.DistinctBy(Path.GetFullPath)];
    }
}
