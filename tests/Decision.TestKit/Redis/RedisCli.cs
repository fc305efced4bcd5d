using System.Diagnostics;
using System.Globalization;

namespace Decision.TestKit.Redis;

/// <summary>redis-cli, for what a test asks or does beside the service.</summary>
public static class RedisCli
{
    /// <summary>Runs one command and gives what it prints.</summary>
    public static async Task<string> RunAsync(int port, params string[] command)
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
        Assert.True(process.ExitCode == 0, $"redis-cli {string.Join(' ', command)}: {output} {await errors}");
        return output.TrimEnd();
    }
}
