namespace Decision.Runtime.Tests.Support;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("decision-runtime-test-").FullName;

    public string Database => System.IO.Path.Combine(Path, "decision.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
