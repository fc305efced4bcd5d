using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Decision.TestKit.Processes;

namespace Decision.Cli.Tests.Support;

/// <summary>The real server as a process of its own, with the demo's policies, on free ports.</summary>
internal sealed partial class DemoServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private DemoServer(ProcessStartInfo start)
    {
        _process = ChildProcesses.Start(start);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The server's program, for <c>dotnet</c>.</summary>
    public static string Program { get; } =
        Path.GetFullPath(typeof(DemoServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ServerProgram").Value!);

    /// <summary>Host and port of gRPC.</summary>
    public string Grpc { get; private set; } = "";

    /// <summary>Host and port of HTTP.</summary>
    public string Http { get; private set; } = "";

    /// <summary>What it has printed.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts it with this data folder and further arguments; gives it back once it is ready.</summary>
    public static async Task<DemoServer> StartAsync(string dataFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = dataFolder };
        foreach (string argument in (string[])[Program, "--demo", "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", $"--Data:Path={dataFolder}", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var server = new DemoServer(start);
        var ended = server._process.WaitForExitAsync();
        if (await Task.WhenAny(server._ready.Task, ended) == ended)
        {
            throw new InvalidOperationException("The server ended: " + server.Output);
        }

        string ready = await server._ready.Task;
        server.Grpc = GrpcPattern().Match(ready).Groups[1].Value;
        server.Http = HttpPattern().Match(ready).Groups[1].Value;
        return server;
    }

    /// <summary>Ends it as Ctrl+C does, so that it gives its database back.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
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
                _ready.TrySetResult(line);
            }
        }
    }

    [GeneratedRegex(@"Grpc https?://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex GrpcPattern();

    [GeneratedRegex(@"Http https?://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex HttpPattern();
}
