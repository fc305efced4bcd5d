using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc;

/// <summary>Microseconds as the wire's durations.</summary>
internal static class WireDuration
{
    private const long SecondUs = 1_000_000;

    /// <summary>Null for 0 and below: nothing to wait for, or it never comes.</summary>
    public static Duration? Of(long microseconds) =>
        Parts(microseconds) is var (seconds, nanos) ? new Duration { Seconds = seconds, Nanos = nanos } : null;

    /// <summary>Whole seconds, and the rest in nanoseconds; null for 0 and below.</summary>
    public static (long Seconds, int Nanos)? Parts(long microseconds) =>
        microseconds <= 0 ? null : (microseconds / SecondUs, (int)(microseconds % SecondUs) * 1000);
}
