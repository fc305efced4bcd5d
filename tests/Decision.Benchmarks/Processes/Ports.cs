namespace Decision.Benchmarks.Processes;

/// <summary>Ports of loopback, one after the other.</summary>
/// <param name="first">The first one.</param>
internal sealed class Ports(int first)
{
    private int _next = first;

    /// <summary>The next one.</summary>
    /// <exception cref="MeasureException">Somebody has it.</exception>
    public async Task<int> NextAsync(CancellationToken cancellation)
    {
        int port = _next++;
        return await ChildProcess.IsTakenAsync(port, cancellation) ? throw new MeasureException($"Port {port} is in use; set BASE_PORT.") : port;
    }
}
