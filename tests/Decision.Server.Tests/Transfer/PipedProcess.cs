using System.Diagnostics;
using Decision.TestKit.Processes;

namespace Decision.Server.Tests.Transfer;

/// <summary>The built server as a process whose standard streams are the test's.</summary>
internal sealed class PipedProcess : IDisposable
{
    private readonly Process _process;

    private PipedProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static PipedProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Decision.Server.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new PipedProcess(ChildProcesses.Start(start));
    }

    /// <summary>Writes the input, if there is one, and waits for the end.</summary>
    public async Task<(int Code, byte[] Output, string Errors)> RunAsync(byte[]? input = null)
    {
        if (input is not null)
        {
            await _process.StandardInput.BaseStream.WriteAsync(input);
            _process.StandardInput.Close();
        }

        using var output = new MemoryStream();
        var errors = _process.StandardError.ReadToEndAsync();
        await _process.StandardOutput.BaseStream.CopyToAsync(output);
        await _process.WaitForExitAsync();
        return (_process.ExitCode, output.ToArray(), await errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
