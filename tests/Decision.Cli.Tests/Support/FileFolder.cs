namespace Decision.Cli.Tests.Support;

/// <summary>A folder with files of a test, removed with it.</summary>
internal sealed class FileFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("decisionctl-files-").FullName;

    /// <summary>Writes a file, and gives its path.</summary>
    public string Write(string name, string content)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
