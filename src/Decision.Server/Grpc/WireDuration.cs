using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc;

/// <summary>Microseconds as the wire's durations.</summary>
internal static class WireDuration
{
    private const long SecondUs = 1_000_000;

    /// <summary>Null for 0 and below: nothing to wait for, or it never comes.</summary>
    public static Duration? Of(long microseconds) => microseconds <= 0
        ? null
        : new Duration { Seconds = microseconds / SecondUs, Nanos = (int)(microseconds % SecondUs) * 1000 };
}
