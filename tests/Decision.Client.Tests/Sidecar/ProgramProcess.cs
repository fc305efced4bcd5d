using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Decision.TestKit.Processes;

namespace Decision.Client.Tests.Sidecar;

/// <summary>A built program as a process of its own.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Regex _ready;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Match> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramProcess(Process process, Regex ready)
    {
        (_process, _ready) = (process, ready);
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts one.</summary>
    /// <param name="program">Which one, as the project file names it.</param>
    /// <param name="folder">Where it runs and finds its settings.</param>
    /// <param name="ready">What it writes when it is ready; the first group is its address.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProgramProcess Start(string program, string folder, Regex ready, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add(PathOf(program));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What others set for their own programs is not for these.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("DECISION_", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Decision__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return new ProgramProcess(ChildProcesses.Start(start), ready);
    }

    /// <summary>The path of a built program.</summary>
    public static string PathOf(string program) =>
        typeof(ProgramProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == program).Value!;

    /// <summary>Waits until it is ready; gives its address.</summary>
    public async Task<string> ReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_started.Task, ended) == ended)
        {
            Assert.Fail("The program ended: " + Output);
        }

        return (await _started.Task).Groups[1].Value;
    }

    /// <summary>Waits until it has ended; gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>It has no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (_ready.Match(line) is { Success: true } match)
            {
                _started.TrySetResult(match);
            }
        }
    }
}
