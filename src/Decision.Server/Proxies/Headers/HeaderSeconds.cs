using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Proxies.Headers;

/// <summary>Durations in headers: whole seconds, rounded up, so that who waits as long does not come too early.</summary>
internal static class HeaderSeconds
{
    public static long Of(Duration duration) => duration.Seconds + (duration.Nanos > 0 ? 1 : 0);
}
