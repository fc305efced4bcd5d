using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Decision.Benchmarks.Processes;

/// <summary>A process that is measured; it is asked to end, by its id, and awaited.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int LinesKept = 20;
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(string name, Process process)
    {
        (Name, _process) = (name, process);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>All of its CPU time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? throw new MeasureException($"{Name} ended.\n{LastLines}") : _process.TotalProcessorTime;
        }
    }

    /// <summary>The last that it said.</summary>
    public string LastLines => string.Join('\n', _lines);

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string name, string program, params IEnumerable<string> arguments) => new(name, Process.Start(Prepare(program, arguments))!);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="MeasureException">Its status is not 0.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(Prepare(program, arguments))!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return process.ExitCode == 0
            ? await output
            : throw new MeasureException($"{program} failed with status {process.ExitCode}.\n{await output}{await error}");
    }

    /// <summary>Waits until something listens on a port of loopback.</summary>
    /// <exception cref="MeasureException">The process ended, or nothing listens after a minute.</exception>
    public async Task ListensAsync(int port, CancellationToken cancellation)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await IsTakenAsync(port, cancellation))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new MeasureException($"{Name} {(_process.HasExited ? "ended" : $"does not listen on port {port} after a minute")}.\n{LastLines}");
            }

            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }

    /// <summary>Whether something listens on a port of loopback.</summary>
    public static async Task<bool> IsTakenAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Terminate);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Prepare(string program, IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (_lines.Count > LinesKept)
        {
            _lines.TryDequeue(out _);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
