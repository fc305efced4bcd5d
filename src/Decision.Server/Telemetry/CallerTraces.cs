using System.Diagnostics;

namespace Decision.Server.Telemetry;

/// <summary>
/// Has the host note the caller's trace of each call that names one, whatever its log is set to: it does so where somebody listens. Of the host's own span
/// nothing is kept or sent, since it would hold the path, in which a key may be. A call without a trace gets none, which would be 430 bytes of garbage for each.
/// </summary>
internal sealed class CallerTraces : IHostedService, IDisposable
{
    private const string HostSource = "Microsoft.AspNetCore";

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == HostSource,
        Sample = static (ref ActivityCreationOptions<ActivityContext> call) => Of(call.Parent),
    };

    /// <summary>What the host makes for a call.</summary>
    /// <param name="caller">The caller's span; default = it names none.</param>
    public static ActivitySamplingResult Of(ActivityContext caller) =>
        caller.TraceId == default ? ActivitySamplingResult.None : ActivitySamplingResult.PropagationData;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();
}
