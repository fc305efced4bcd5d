using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Paths;
using Decision.Runtime.Catalogs;

namespace Decision.Runtime.Files;

/// <summary>Reads and checks the files.</summary>
internal sealed class FileSetReader(Catalog catalog, FileSources sources, GrantOptions grants, TimeProvider time)
{
    public UrlMatching Matching => grants.UrlMatching;

    /// <summary>The files now; with <paramref name="before"/>, only those are read that may have changed since.</summary>
    public FileSnapshot Look(FileSnapshot? before) => FileSnapshot.Take(sources, time.GetUtcNow(), before);

    /// <summary>Reads all files.</summary>
    /// <param name="before">The set in force: what did not change is taken from it.</param>
    /// <param name="mayBeEmpty">Whether a folder without files is taken to be meant so.</param>
    public FileReading Read(FileSet before, bool mayBeEmpty)
    {
        var findings = new FindingList();
        var snapshot = Look(before: null);
        var content = FileContent.Read(snapshot, sources, Matching, findings);
        if (sources.PolicyFolder.Length > 0 && snapshot.FolderProblem is null && !snapshot.Files.Any(file => file.Role == FileRole.FolderPolicies))
        {
            CheckEmpty(findings, mayBeEmpty);
        }

        var set = findings.HasErrors ? null : Build(content, before);
        if (set is not null)
        {
            CheckApis(set, findings);
        }

        return new FileReading(snapshot.WithoutContent(), findings, findings.HasErrors ? null : set);
    }

    /// <summary>Makes the set of what was read, or of what was kept.</summary>
    public FileSet Build(FileContent content, FileSet before) => FileSet.Build(content, before, grants);

    private void CheckEmpty(FindingList findings, bool mayBeEmpty)
    {
        const string Empty = "has no *.json file";
        if (mayBeEmpty)
        {
            findings.Warn(sources.PolicyFolder, "", Empty + ", so there is no policy.");
        }
        else
        {
            findings.Error(sources.PolicyFolder, "", Empty + ": put the files back, or write {} into one to have no policy.");
        }
    }

    private void CheckApis(FileSet set, FindingList findings)
    {
        string file = Path.GetFileName(sources.ApiFile);
        var apis = CatalogLayer.Empty with { Apis = set.Layer.Apis };
        findings.AddRange(catalog.ConflictsOf(CatalogLayer.Empty, apis).Select(finding => finding with { Subject = $"{file}: {finding.Subject}" }));
    }
}
