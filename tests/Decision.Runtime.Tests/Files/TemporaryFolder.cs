namespace Decision.Runtime.Tests.Files;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("decision-files-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Puts a file there in one step, as deployment tools do.</summary>
    public void Replace(string name, string content)
    {
        File.WriteAllText(this[name + ".new"], content);
        File.Move(this[name + ".new"], this[name], overwrite: true);
    }

    public string Folder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
