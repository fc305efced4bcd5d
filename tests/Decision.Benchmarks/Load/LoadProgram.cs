using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Decision.Benchmarks.Load.Driving;
using Decision.Benchmarks.Load.Servers;
using Decision.Benchmarks.Load.Themes;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load;

/// <summary><c>load</c>: what eng/load.sh runs. The working directory is the repository's root.</summary>
internal static class LoadProgram
{
    private const int Wrong = 2, Failed = 1, Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        if (LoadOptions.Read(args, Environment.GetEnvironmentVariable, out string problem) is not { } options)
        {
            await Console.Error.WriteLineAsync("eng/load.sh: " + problem);
            return Wrong;
        }

        // Whoever ends it has the servers ended first.
        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        string folder = Directory.CreateTempSubdirectory("decision-load-").FullName;
        try
        {
            string program = options.Program ?? await PublishAsync(folder, ending.Token);
            foreach (var theme in options.Themes)
            {
                string text = await MeasureAsync(theme, options, program, Directory.CreateDirectory(Path.Combine(folder, theme.Name)).FullName, ending.Token);
                Console.WriteLine(text);
                if (options.Writes)
                {
                    await PerformanceDocument.WriteAsync(PerformanceDocument.File, theme.Name, text, ending.Token);
                }
            }

            return 0;
        }
        catch (Exception error) when (error is MeasureException or SocketException)
        {
            await Console.Error.WriteLineAsync("eng/load.sh: " + error.Message);
            return ending.IsCancellationRequested ? Interrupted : Failed;
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return Interrupted;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    private static Task<string> PublishAsync(string folder, CancellationToken cancellation)
    {
        Console.Error.WriteLine("publishing the server");
        return ServerBuild.PublishAsync(Path.Combine(folder, "server"), cancellation);
    }

    private static async Task<string> MeasureAsync(Theme theme, LoadOptions options, string program, string folder, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"{theme.Name}: starting");
        var servers = new LoadServers(options, program, folder);
        await using (servers.ConfigureAwait(false))
        {
            await servers.StartAsync(theme, cancellation);
            var run = new ThemeRun(theme, new Drive(servers, folder), options);
            Console.Error.WriteLine($"{theme.Name}: warming up");
            await run.WarmUpAsync(cancellation);
            Console.Error.WriteLine($"{theme.Name}: measuring");
            string heading = await HeadingAsync(options, cancellation);
            string table = theme.IsAtHalf ? await run.MeasureAtHalfAsync(cancellation) : await run.MeasureAsync(cancellation);
            string roundTrip = theme.TellsRoundTrip
                ? $"A round trip to Redis takes {await RoundTripAsync(servers.Redis!, cancellation)} ms on average (`redis-cli --latency`). "
                : "";
            return $"\n{heading}\n\n{table}\n{roundTrip}Every answer was a decision of its kind, and made with the store, by the servers' own count. Load average after: {LoadAverage()}.\n\n";
        }
    }

    private static async Task<string> HeadingAsync(LoadOptions options, CancellationToken cancellation)
    {
        string commit = (await ChildProcess.RunAsync("git", ["describe", "--always", "--dirty", "--exclude", "*"], cancellation)).Trim();
        var day = TimeProvider.System.GetUtcNow();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Measured {day:yyyy-MM-dd} at {commit} on {Environment.ProcessorCount} cores by `{options.Command}`, {options.Rounds} round(s), redis-server {string.Join(' ', options.RedisArguments)}; load average before: {LoadAverage()}.");
    }

    // min, max, mean and samples, after the three seconds that it was told.
    private static async Task<string> RoundTripAsync(RedisProcess redis, CancellationToken cancellation) =>
        (await redis.CommandAsync(cancellation, "--raw", "-i", "3", "--latency")).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var mean, ..]
            ? mean
            : throw new MeasureException("redis-cli --latency says nothing.");

    private static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
