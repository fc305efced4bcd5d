namespace Decision.Runtime;

/// <summary>Now as the engine counts it.</summary>
public static class Clock
{
    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long NowUs(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }
}
