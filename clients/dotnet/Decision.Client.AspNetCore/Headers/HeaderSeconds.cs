namespace Decision.Client.AspNetCore.Headers;

/// <summary>Durations in headers: whole seconds, rounded up, so that who waits as long does not come too early.</summary>
internal static class HeaderSeconds
{
    public static long Of(TimeSpan duration) => (duration.Ticks / TimeSpan.TicksPerSecond) + (duration.Ticks % TimeSpan.TicksPerSecond > 0 ? 1 : 0);
}
