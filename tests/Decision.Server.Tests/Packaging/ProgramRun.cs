using System.Diagnostics;
using Decision.TestKit.Processes;

namespace Decision.Server.Tests.Packaging;

/// <summary>A program that was run to its end.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    public static async Task<ProgramRun> OfAsync(string program, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = ChildProcesses.Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
