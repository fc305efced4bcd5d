using System.Runtime.InteropServices;

namespace Decision.Benchmarks.Processes;

/// <summary>CPU time of the processes that were started here and have ended, a load generator's for one.</summary>
internal static partial class CpuOfChildren
{
    private const int Children = -1;

    // struct rusage of Linux, 64 bits: user and system time, each in seconds and microseconds, and 14 numbers more.
    private const int Longs = 18;

    /// <summary>So far.</summary>
    public static TimeSpan Now
    {
        get
        {
            Span<long> usage = stackalloc long[Longs];
            return GetUsage(Children, ref usage[0]) == 0
                ? TimeSpan.FromMicroseconds(((usage[0] + usage[2]) * 1_000_000) + usage[1] + usage[3])
                : throw new MeasureException("The CPU time of ended processes cannot be read.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
