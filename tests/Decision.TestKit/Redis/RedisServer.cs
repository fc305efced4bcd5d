using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Decision.TestKit.Processes;

namespace Decision.TestKit.Redis;

/// <summary>A real redis-server on a free port of loopback, in a folder of its own; both end with the test.</summary>
public sealed partial class RedisServer : IAsyncDisposable
{
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(int port, string folder, string[] arguments)
    {
        Port = port;
        Folder = folder;
        _arguments = arguments;
    }


    public int Port { get; }

    public string Folder { get; }

    /// <summary>Host and port, as a connection string begins.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts a server and waits until it takes connections.</summary>
    /// <param name="arguments">Settings as on the command line, such as <c>--appendonly</c>, <c>yes</c>; they replace the test's own.</param>
    public static Task<RedisServer> StartAsync(params string[] arguments) => StartAsync(_ => arguments);

    /// <summary>Starts a Sentinel, which writes what it learns into the file of its settings.</summary>
    /// <param name="settings">Lines of that file, such as <c>sentinel monitor mymaster 127.0.0.1 6379 2</c>.</param>
    public static Task<RedisServer> StartSentinelAsync(params string[] settings) => StartAsync(folder =>
    {
        string file = Path.Combine(folder, "sentinel.conf");
        File.WriteAllLines(file, settings);
        return [file, "--sentinel"];
    });

    private static async Task<RedisServer> StartAsync(Func<string, string[]> arguments)
    {
        DebianPackage.Require("redis-server");
        for (int attempt = 1; ; attempt++)
        {
            string folder = Directory.CreateTempSubdirectory("decision-redis-").FullName;
            RedisServer server = new(FreePort(), folder, arguments(folder));
            if (await server.TryRunAsync())
            {
                return server;
            }

            // Somebody else took the port in between.
            await server.DisposeAsync();
            Assert.True(attempt < 5, "redis-server did not start: " + server.LastOutput);
        }
    }

    /// <summary>The last words of the process, for a failure's message.</summary>
    public string LastOutput { get; private set; } = "";

    /// <summary>A port that nobody has now, with the port of a cluster's bus (10,000 above) free too.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (port < 55_000)
            {
                return port;
            }
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, on the same port with what its folder holds.</summary>
    public async Task RestartAsync() => Assert.True(await TryRunAsync(), "redis-server did not start again: " + LastOutput);

    /// <summary>SIGKILL: what is not on the disk is lost.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: connections stay, answers do not come.</summary>
    public void Pause() => Assert.Equal(0, Signal(_process!.Id, 19));

    /// <summary>SIGCONT.</summary>
    public void Resume() => Assert.Equal(0, Signal(_process!.Id, 18));

    /// <summary>Runs a command by redis-cli and gives its output.</summary>
    public Task<string> CommandAsync(params string[] command) => RedisCli.RunAsync(Port, command);

    /// <summary>How often a command was called since it began to count; or how often it was refused before it ran, as for rights that are missing.</summary>
    /// <param name="command">In lower case; of a script's commands too.</param>
    /// <param name="isRejected">To be told of those that were refused.</param>
    public async Task<long> CallsAsync(string command, bool isRejected = false) => (await CommandAsync("INFO", "commandstats")).Split('\n')
        .Where(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal))
        .SelectMany(line => line.Split(':', ','))
        .Where(field => field.StartsWith(isRejected ? "rejected_calls=" : "calls=", StringComparison.Ordinal))
        .Sum(field => long.Parse(field.Split('=')[1], CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> TryRunAsync()
    {
        _process?.Dispose();
        ProcessStartInfo start = new("redis-server") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        string[] own = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", Folder];
        bool hasFile = _arguments is [var first, ..] && !first.StartsWith('-');
        foreach (string argument in (string[])[.. _arguments.Take(hasFile ? 1 : 0), .. own, .. _arguments.Skip(hasFile ? 1 : 0)])
        {
            start.ArgumentList.Add(argument);
        }

        TaskCompletionSource<bool> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            LastOutput = line.Data ?? LastOutput;
            if (line.Data?.Contains("eady to accept connections", StringComparison.Ordinal) == true
                || line.Data?.Contains("Running mode=sentinel", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(true);
            }
        };
        _process.ErrorDataReceived += (_, line) => LastOutput = line.Data ?? LastOutput;
        _process.Exited += (_, _) => ready.TrySetResult(false);
        _process.Start();
        ChildProcesses.Adopt(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return await ready.Task;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);
}
