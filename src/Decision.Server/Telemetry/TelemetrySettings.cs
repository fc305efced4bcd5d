namespace Decision.Server.Telemetry;

/// <summary>What is sent to a receiver of OTLP, and how.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Nothing is sent.</summary>
    public static TelemetrySettings None { get; } = new();

    /// <summary>Where the receiver is; null = nothing is sent.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether it is asked by gRPC; else by HTTP.</summary>
    public bool IsGrpc { get; init; } = true;

    /// <summary>As <c>name=value,name=value</c>; may hold a secret. Empty = none.</summary>
    public string Headers { get; init; } = "";

    public bool HasMetrics { get; init; }

    public bool HasTraces { get; init; }

    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Of how many decisions whose caller names no trace one is traced; 0 = none.</summary>
    public int TraceOneIn { get; init; } = 100;

    /// <summary>The address of one signal.</summary>
    /// <param name="signal"><c>metrics</c>, <c>traces</c> or <c>logs</c>.</param>
    public Uri EndpointOf(string signal) => IsGrpc ? Endpoint! : new Uri(Endpoint!.AbsoluteUri.TrimEnd('/') + "/v1/" + signal);
}
