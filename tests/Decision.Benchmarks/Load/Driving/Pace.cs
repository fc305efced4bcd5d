using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>Waits for a moment to within some tens of microseconds without using the processor; timers know milliseconds.</summary>
internal static partial class Pace
{
    /// <summary>Waits on this thread.</summary>
    /// <param name="due">Until when, as the clock counts; the past is not waited for.</param>
    public static void WaitUntil(long due)
    {
        long nanoseconds = (long)((due - Stopwatch.GetTimestamp()) * (1e9 / Stopwatch.Frequency));
        if (nanoseconds > 0)
        {
            var wait = new Interval { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
            _ = Sleep(ref wait, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(ref Interval wanted, nint left);

    // struct timespec of Linux, 64 bits.
    private struct Interval
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
