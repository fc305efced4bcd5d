using System.Reflection;

namespace Decision.Server.Tests;

/// <summary>The clone that the tests were built in.</summary>
internal static class Repository
{
    public static string Folder { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryFolder").Value!);

    public static string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);
}
