namespace Decision.Cli.Tests.Policies;

/// <summary>A folder with policy files of a test's own organisation.</summary>
internal sealed class PolicyFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("policies-").FullName;

    public string Write(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
