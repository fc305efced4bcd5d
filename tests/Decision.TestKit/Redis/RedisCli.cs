using System.Diagnostics;
using System.Globalization;

namespace Decision.TestKit.Redis;

/// <summary>redis-cli, for what a test asks or does beside the service.</summary>
public static class RedisCli
{
    /// <summary>Runs one command and gives what it prints.</summary>
    public static async Task<string> RunAsync(int port, params string[] command)
    {
        (int exitCode, string output) = await AskAsync(port, command);
        Assert.True(exitCode == 0, $"redis-cli {string.Join(' ', command)}: {output}");
        return output;
    }

    /// <summary>Runs one command that may fail, and gives what it prints.</summary>
    public static async Task<string> TryRunAsync(int port, params string[] command) => (await AskAsync(port, command)).Output;

    private static async Task<(int ExitCode, string Output)> AskAsync(int port, string[] command)
    {
        ProcessStartInfo start = new("redis-cli") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), .. command])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (output + await errors).TrimEnd());
    }
}
