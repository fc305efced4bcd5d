using System.Diagnostics;
using System.Globalization;
using Decision.TestKit.Processes;

namespace Decision.Cli.Tests.Support;

/// <summary>Runs the built tool as a process of its own.</summary>
internal static class ToolProcess
{
    public static async Task<ToolRun> RunAsync(LiveServer? server, string input, params string[] arguments)
    {
        using var process = Start(server, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ToolRun((ExitCode)process.ExitCode, await output, await errors);
    }

    /// <summary>Ctrl+C.</summary>
    public static async Task InterruptAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public static Process Start(LiveServer? server, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "decisionctl.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("DECISION_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DECISION_TIMEOUT"] = "2m";
        if (server is not null)
        {
            start.Environment["DECISION_ADDRESS"] = server.Address;
            start.Environment["DECISION_ADMIN_SECRET"] = LiveServer.Secret;
        }

        return ChildProcesses.Start(start);
    }
}
