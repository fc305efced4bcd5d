using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc.Admin;

/// <summary>Moments and lengths of time on the wire.</summary>
internal static class WireTime
{
    private const long SecondUs = 1_000_000;

    /// <summary>Null for 0: there is no such moment.</summary>
    public static Timestamp? OfUs(long us)
    {
        if (us == 0)
        {
            return null;
        }

        var (seconds, rest) = Math.DivRem(us, SecondUs);
        return rest < 0
            ? new Timestamp { Seconds = seconds - 1, Nanos = (int)(rest + SecondUs) * 1000 }
            : new Timestamp { Seconds = seconds, Nanos = (int)rest * 1000 };
    }

    /// <summary>Null for 0: it has no length.</summary>
    public static Duration? LengthOfUs(long us) =>
        us <= 0 ? null : new Duration { Seconds = us / SecondUs, Nanos = (int)(us % SecondUs) * 1000 };

    /// <summary>False where the parts contradict each other or do not fit; then nothing is told.</summary>
    public static bool TryRead(Duration duration, out TimeSpan span)
    {
        const long Longest = 315_576_000_000;
        span = default;
        if (Math.Abs(duration.Nanos) > 999_999_999
            || duration.Seconds is < -Longest or > Longest
            || (duration.Seconds > 0 && duration.Nanos < 0)
            || (duration.Seconds < 0 && duration.Nanos > 0))
        {
            return false;
        }

        span = new TimeSpan((duration.Seconds * TimeSpan.TicksPerSecond) + (duration.Nanos / TimeSpan.NanosecondsPerTick));
        return true;
    }
}
