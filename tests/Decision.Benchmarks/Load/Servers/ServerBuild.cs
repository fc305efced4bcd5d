using System.Runtime.InteropServices;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Servers;

/// <summary>The server as users get it: published for this system.</summary>
internal static class ServerBuild
{
    /// <summary>Publishes it.</summary>
    /// <param name="folder">Where to.</param>
    /// <returns>The program.</returns>
    public static async Task<string> PublishAsync(string folder, CancellationToken cancellation)
    {
        string system = "linux-" + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");
        await ChildProcess.RunAsync(
            "dotnet",
            ["publish", "src/Decision.Server", "-c", "Release", "-r", system, "--self-contained", "false", "-o", folder, "-v", "q", "--nologo"],
            cancellation);
        return Path.Combine(folder, "Decision.Server");
    }
}
