using Decision.Benchmarks.Load.Servers;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>Drives a way once: what is counted and used before and after, and that each answer was what it must be.</summary>
internal sealed class Drive(LoadServers servers, string folder)
{
    private readonly H2Load _h2load = new(folder, servers.World);
    private readonly ManyKeysDriver _manyKeys = new(LoadWorld.Message, servers.World.Tokens);

    /// <summary>Drives a way.</summary>
    /// <param name="way">What.</param>
    /// <param name="calls">How many calls at once.</param>
    /// <param name="requests">Decisions in all; as many as fill calls.</param>
    /// <param name="pace">Calls a second, by the driver of our own; null = as fast as they are answered.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MeasureException">An answer was not what it must be, by the server's own count.</exception>
    public async Task<Sample> RunAsync(Way way, Calls calls, int requests, double? pace, CancellationToken cancellation)
    {
        DrivenServer[] driven = [.. way.Servers.Select(name => servers[name])];
        int sent = (requests + way.Decisions - 1) / way.Decisions, decisions = sent * way.Decisions;
        bool isOurs = way.Keys is not null || pace is not null;

        var countsBefore = await CountsAsync(driven, cancellation);
        double cpuBefore = Cpu(driven), storeBefore = StoreCpu(driven), driverBefore = DriverCpu(isOurs);
        var timings = isOurs
            ? await _manyKeys.DriveAsync(way, [.. driven.Select(server => server.GrpcAddress)], calls, sent, pace, cancellation)
            : await _h2load.DriveAsync(way, driven[0].GrpcAddress, driven[0].HttpAddress, calls, sent, cancellation);
        double cpu = Cpu(driven) - cpuBefore, store = StoreCpu(driven) - storeBefore, driver = DriverCpu(isOurs) - driverBefore;
        var counts = await CountsAsync(driven, cancellation) - countsBefore;

        Check(way, counts, decisions);
        return new Sample
        {
            PerSecond = timings.PerSecond * way.Decisions,
            P50 = timings.Percentile(0.5),
            P99 = timings.Percentile(0.99),
            P999 = timings.Percentile(0.999),
            Cpu = cpu / decisions,
            StoreCpu = store / decisions,
            DriverCpu = driver / decisions,
            Bytes = (double)counts.Bytes / decisions,
        };
    }

    private static void Check(Way way, ServerCounters.Counts counts, int decisions)
    {
        var (wanted, others) = way.IsAllowed switch
        {
            true => (counts.Allowed, counts.Refused),
            false => (counts.Refused, counts.Allowed),
            null => (decisions, counts.Allowed + counts.Refused),
        };
        if (wanted != decisions || others != 0 || counts.Degraded != 0)
        {
            throw new MeasureException(
                $"{way.Name} was sent {decisions} requests that must be {(way.IsAllowed == false ? "refused" : "allowed")}; by the server's own count {counts.Allowed} "
                + $"were allowed, {counts.Refused} refused, and {counts.Degraded} decided without the store.");
        }
    }

    private static async Task<ServerCounters.Counts> CountsAsync(DrivenServer[] driven, CancellationToken cancellation)
    {
        var sum = new ServerCounters.Counts(0, 0, 0, 0);
        foreach (var server in driven)
        {
            sum += await server.Counters.ReadAsync(cancellation);
        }

        return sum;
    }

    private static double Cpu(DrivenServer[] driven) => driven.Sum(server => server.Process.Cpu.TotalMicroseconds);

    private static double StoreCpu(DrivenServer[] driven) =>
        driven.Select(server => server.Store).OfType<RedisProcess>().Distinct().SelectMany(store => store.Servers).Sum(server => server.Cpu.TotalMicroseconds);

    private static double DriverCpu(bool isOurs) => (isOurs ? Environment.CpuUsage.TotalTime : CpuOfChildren.Now).TotalMicroseconds;
}
