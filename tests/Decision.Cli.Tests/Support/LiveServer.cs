using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Decision.Cli.Tests.Support;

[assembly: AssemblyFixture(typeof(LiveServer))]

namespace Decision.Cli.Tests.Support;

/// <summary>
/// The real server as a process of its own, with the demo's policies, one for all tests. Tests share its store: take ids of your own
/// (<see cref="TestNames"/>), and count nothing that others may add to.
/// </summary>
public sealed partial class LiveServer : IAsyncLifetime
{
    public const string Secret = "a-secret-for-tests-only";
    private readonly string _folder = Directory.CreateTempSubdirectory("decisionctl-").FullName;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>As <c>--address</c> takes it.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The HTTP address.</summary>
    public string HttpAddress { get; private set; } = "";

    /// <summary>The folder with the demo's files.</summary>
    public string DemoFolder => Path.Combine(_folder, "demo");

    /// <summary>What it has printed.</summary>
    public string Output => string.Join('\n', _lines);

    public async ValueTask InitializeAsync()
    {
        string program = typeof(LiveServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ServerProgram").Value!;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (string argument in new[]
            {
                program, "--demo", "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", $"--Data:Path={_folder}", $"--Admin:Secret={Secret}",
            })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, ended) == ended)
        {
            throw new InvalidOperationException("The server ended: " + Output);
        }

        string ready = await _ready.Task;
        Address = "http://" + GrpcPattern().Match(ready).Groups[1].Value;
        HttpAddress = "http://" + HttpPattern().Match(ready).Groups[1].Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
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

    [GeneratedRegex(@"Grpc http://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex GrpcPattern();

    [GeneratedRegex(@"Http http://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex HttpPattern();
}
