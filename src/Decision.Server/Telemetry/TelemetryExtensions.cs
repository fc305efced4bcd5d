using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;
using Decision.Runtime.Tracing;
using Decision.Server.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Decision.Server.Telemetry;

/// <summary>Metrics at <c>/metrics</c>, and what is sent to a receiver of OTLP.</summary>
internal static class TelemetryExtensions
{
    // The room for all series of an instrument is taken when the server starts. Labels are of fixed sets, and no other instrument comes near this many.
    private const int MaxSeries = 200;

    /// <summary>Adds what the settings say.</summary>
    public static void AddTelemetry(this IServiceCollection services, ServerSettings settings)
    {
        var telemetry = settings.Telemetry;
        var builder = services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource))
            .WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(DecisionMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                    .AddView(instrument => StreamOf(instrument, settings.ApisInMetrics))
                    .AddPrometheusExporter();
                if (telemetry is { Endpoint: not null, HasMetrics: true })
                {
                    metrics.AddOtlpExporter((exporter, reader) =>
                    {
                        Configure(exporter, telemetry, "metrics");
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)telemetry.MetricsInterval.TotalMilliseconds;
                    });
                }
            });
        if (telemetry.Endpoint is null)
        {
            return;
        }

        services.AddSingleton<TelemetryMetrics>();
        services.AddSingleton<TelemetryFailures>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryFailures>());
        if (telemetry.HasTraces)
        {
            services.TryAddSingleton(provider => new DecisionTracing(provider.GetRequiredService<TimeProvider>(), telemetry.TraceOneIn));
            services.AddHostedService<CallerTraces>();

            // Which decisions are traced is decided before anything is made: see DecisionTracing.
            builder.WithTracing(tracing => tracing
                .AddSource(DecisionTracing.SourceName)
                .SetSampler(new AlwaysOnSampler())
                .AddOtlpExporter(exporter => Configure(exporter, telemetry, "traces")));
        }
    }

    /// <summary>Who sends it.</summary>
    public static ResourceBuilder Resource() => Describe(ResourceBuilder.CreateDefault());

    /// <summary>Sets where and how a signal is sent.</summary>
    public static void Configure(OtlpExporterOptions exporter, TelemetrySettings telemetry, string signal)
    {
        exporter.Endpoint = telemetry.EndpointOf(signal);
        exporter.Protocol = telemetry.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Headers = telemetry.Headers.Length > 0 ? telemetry.Headers : null;
    }

    private static ResourceBuilder Describe(ResourceBuilder resource) => resource.AddService(
        "decision", serviceVersion: HelpText.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: Environment.MachineName);

    // Counted up and down for each request of a connection, the queue costs every decision and tells less than the connections do.
    private static MetricStreamConfiguration StreamOf(Instrument instrument, int apis) => instrument.Name switch
    {
        "kestrel.queued_requests" => MetricStreamConfiguration.Drop,
        DecisionMetrics.ApiDecisions => new MetricStreamConfiguration { CardinalityLimit = DecisionMetrics.MostApiSeries(apis) + 1 },
        _ => new MetricStreamConfiguration { CardinalityLimit = MaxSeries },
    };
}
