using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Decision.TestKit.Processes;

namespace Decision.TestKit;

/// <summary>The built server as a process of its own.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The program of <c>DECISION_PUBLISHED_SERVER</c>; null = none.</summary>
    private static string? Published { get; } = Environment.GetEnvironmentVariable("DECISION_PUBLISHED_SERVER") is { Length: > 0 } program ? program : null;

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts the built server, or the published one that <c>DECISION_PUBLISHED_SERVER</c> names.</summary>
    public static ServerProcess Start(string workingFolder, params string[] arguments) =>
        StartWith(null, workingFolder, arguments);

    /// <summary>Starts it with variables of the environment beside those of the tests.</summary>
    public static ServerProcess StartWith(IReadOnlyDictionary<string, string>? variables, string workingFolder, params string[] arguments) =>
        StartProgram(Published ?? Path.Combine(AppContext.BaseDirectory, "Decision.Server.dll"), variables, workingFolder, arguments);

    /// <summary>Starts the server of another build.</summary>
    /// <param name="program">A .dll for the runtime, or a program.</param>
    public static ServerProcess StartProgram(string program, string workingFolder, params string[] arguments) =>
        StartProgram(program, null, workingFolder, arguments);

    private static ServerProcess StartProgram(
        string program, IReadOnlyDictionary<string, string>? variables, string workingFolder, string[] arguments)
    {
        bool needsRuntime = Path.GetExtension(program) == ".dll";
        string runtime = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        var start = new ProcessStartInfo(needsRuntime ? runtime : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder,
        };
        if (needsRuntime)
        {
            start.ArgumentList.Add(program);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ServerProcess(ChildProcesses.Start(start));
    }

    /// <summary>Waits until it says that it is ready; gives the address of gRPC.</summary>
    public async Task<string> ReadyAsync() => GrpcAddress().Match(await ReadyLineAsync()).Groups[1].Value;

    /// <summary>Waits until it says that it is ready; gives the address of HTTP.</summary>
    public async Task<string> ReadyHttpAsync() => HttpAddress().Match(await ReadyLineAsync()).Groups[1].Value;

    private async Task<string> ReadyLineAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_started.Task, ended) == ended)
        {
            Assert.Fail("The server ended: " + Output);
        }

        return await _started.Task;
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, 15));

    /// <summary>SIGKILL: it has no chance to finish anything.</summary>
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
            if (line.Contains("is ready:", StringComparison.Ordinal))
            {
                _started.TrySetResult(line);
            }
        }
    }

    [GeneratedRegex(@"Grpc http://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex GrpcAddress();

    [GeneratedRegex(@"Http http://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex HttpAddress();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
