namespace Decision.Runtime.Files;

/// <summary>Where the file layer is read from; empty = not configured.</summary>
/// <param name="PolicyFolder">Each <c>*.json</c> of it is one policy, or an object policy id -> policy.</param>
/// <param name="PolicyFile">One object, policy id -> policy.</param>
/// <param name="ApiFile">The API registry.</param>
internal sealed record FileSources(string PolicyFolder, string PolicyFile, string ApiFile)
{
    public bool HasPolicies => PolicyFolder.Length > 0 || PolicyFile.Length > 0;

    public bool HasApis => ApiFile.Length > 0;

    public bool IsEmpty => !HasPolicies && !HasApis;

    /// <summary>The settings' sources; the folder counts before the file.</summary>
    public static FileSources From(RuntimeOptions options) =>
        new(options.PolicyFolder, options.PolicyFolder.Length > 0 ? "" : options.PolicyFile, options.ApiFile);

    /// <summary>What is read, for a sentence.</summary>
    public override string ToString() =>
        string.Join(" and ", new[] { PolicyFolder, PolicyFile, ApiFile }.Where(path => path.Length > 0));

    /// <summary>The folders in which a change is an event.</summary>
    public IEnumerable<string> Folders() =>
        new[] { PolicyFolder, FolderOf(PolicyFile), FolderOf(ApiFile) }.Where(path => path.Length > 0).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Whether an event of this name in a watched folder may have changed a source: a file of ours, or a link such as a ConfigMap's
    /// <c>..data</c>. What else lies in the folder, such as a database, changes all the time.
    /// </summary>
    public bool Concerns(string? name) =>
        name is null
        || name.StartsWith("..", StringComparison.Ordinal)
        || IsNameOf(name, PolicyFile)
        || IsNameOf(name, ApiFile)
        || (PolicyFolder.Length > 0 && FileSnapshot.IsPolicyFile(name));

    private static string FolderOf(string path) => path.Length == 0 ? "" : Path.GetDirectoryName(path) ?? "";

    private static bool IsNameOf(string name, string path) =>
        path.Length > 0 && Path.GetFileName(path.AsSpan()).Equals(name, StringComparison.Ordinal);
}
