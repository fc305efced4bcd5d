using System.Collections.Immutable;

namespace Decision.Runtime.Files;

/// <summary>All files of the layer as they were at one moment.</summary>
/// <param name="Files">Policies first, in the order of their names, then the API registry.</param>
/// <param name="FolderProblem">Why the policy folder cannot be read; null when it was, or is not configured.</param>
internal sealed record FileSnapshot(ImmutableArray<SourceFile> Files, string? FolderProblem)
{
    /// <summary>Most files of a folder.</summary>
    public const int MostFiles = 100_000;

    /// <summary>Before the first look.</summary>
    public static FileSnapshot None { get; } = new([], null);

    /// <summary>Whether the name is one of a policy file: <c>*.json</c>, but for hidden files.</summary>
    public static bool IsPolicyFile(string name) =>
        name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !name.StartsWith('.');

    /// <summary>Reads every file, or, with <paramref name="before"/>, only those that may have changed since.</summary>
    public static FileSnapshot Take(FileSources sources, DateTimeOffset now, FileSnapshot? before, int mostFiles = MostFiles)
    {
        var known = before?.Files.ToDictionary(file => (file.Role, file.Name));
        var files = ImmutableArray.CreateBuilder<SourceFile>();
        string? folderProblem = null;
        if (sources.PolicyFolder.Length > 0)
        {
            foreach (string name in NamesIn(sources.PolicyFolder, mostFiles, out folderProblem))
            {
                Add(FileRole.FolderPolicies, Path.Combine(sources.PolicyFolder, name));
            }
        }

        Add(FileRole.Policies, sources.PolicyFile);
        Add(FileRole.Apis, sources.ApiFile);
        return new FileSnapshot(files.ToImmutable(), folderProblem);

        void Add(FileRole role, string path)
        {
            if (path.Length > 0)
            {
                files.Add(SourceFile.Read(role, path, now, known?.GetValueOrDefault((role, Path.GetFileName(path)))));
            }
        }
    }

    /// <summary>True when the same files have the same content, or the same problems.</summary>
    public bool HasContentOf(FileSnapshot other) =>
        FolderProblem == other.FolderProblem
        && Files.Length == other.Files.Length
        && Files.Zip(other.Files).All(pair =>
            pair.First.Role == pair.Second.Role && pair.First.Name == pair.Second.Name && pair.First.Fingerprint == pair.Second.Fingerprint);

    /// <summary>The same without the files' contents: enough to tell a change.</summary>
    public FileSnapshot WithoutContent() => this with { Files = [.. Files.Select(file => file with { Content = null })] };

    private static List<string> NamesIn(string folder, int mostFiles, out string? problem)
    {
        var names = new List<string>();
        problem = null;
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(folder))
            {
                if (!IsPolicyFile(Path.GetFileName(path)))
                {
                    continue;
                }

                if (names.Count == mostFiles)
                {
                    problem = $"has more than {mostFiles:N0} files: put several policies into one, as an object policy id -> policy.";
                    return [];
                }

                names.Add(Path.GetFileName(path));
            }
        }
        catch (DirectoryNotFoundException)
        {
            problem = File.Exists(folder)
                ? "is a file, but must be a folder: set policies:policy_record_name for one file."
                : "is not there: put the folder back, or set policies:policy_path to where it is.";
        }
        catch (UnauthorizedAccessException)
        {
            problem = "cannot be read: the server's user has no permission to list it.";
        }
        catch (IOException error)
        {
            problem = $"cannot be read: {error.Message.TrimEnd('.')}.";
        }

        if (problem is not null)
        {
            return [];
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
