using System.Globalization;
using Decision.Engine;
using Decision.Runtime.Observation.Notes;
using Decision.Server.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Decision.Server.DecisionLogs;

/// <summary>Writes log records to the receiver of telemetry. Whether they arrive is told by <see cref="TelemetryFailures"/>.</summary>
internal sealed class OtlpNotes : INoteWriter
{
    // As long as a receiver that does not answer may hold up the ones behind, which are dropped when their queue is full.
    private const int FlushMilliseconds = 5_000;

    private static readonly EventId Event = new(1, "decision");

    private readonly BatchLogRecordExportProcessor _processor;
    private readonly ILoggerFactory _factory;
    private readonly ILogger _log;

    public OtlpNotes(TelemetrySettings telemetry)
    {
        var options = new OtlpExporterOptions();
        TelemetryExtensions.Configure(options, telemetry, "logs");
        _processor = new BatchLogRecordExportProcessor(
            new OtlpLogExporter(options), maxQueueSize: 2 * DecisionLogService.MostAtOnce, maxExportBatchSize: DecisionLogService.MostAtOnce);
        _factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(otlp =>
        {
            otlp.SetResourceBuilder(TelemetryExtensions.Resource());
            otlp.AddProcessor(_processor);
        }));
        _log = _factory.CreateLogger("Decision.DecisionLog");
    }

    public void Open()
    {
    }

    public void Write(IReadOnlyList<DecisionNote> notes)
    {
        foreach (var note in notes)
        {
            var attributes = Attributes(note);
            _log.Log(LogLevel.Information, Event, attributes, null, static (_, _) => "decision");
        }

        // Its own queue would drop without counting.
        if (!_processor.ForceFlush(FlushMilliseconds))
        {
            throw new IOException("The receiver of telemetry did not take the decisions in time.");
        }
    }

    public void Dispose() => _factory.Dispose();

    private static List<KeyValuePair<string, object?>> Attributes(DecisionNote note)
    {
        List<KeyValuePair<string, object?>> attributes =
        [
            new("decision.time", note.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            new("decision.id", note.DecisionId),
            new("decision.allowed", note.IsAllowed),
            new("decision.reason", note.Reason.ToName()),
            new("decision.cost", note.Cost),
            new("decision.duration_us", note.Elapsed.TotalMicroseconds),
            new("decision.one_in", note.OneIn),
        ];
        Add("decision.origin", note.Origin);
        Add("decision.shadowed_reason", note.ShadowedReason == Reason.Unspecified ? "" : note.ShadowedReason.ToName());
        Add("decision.key_id", note.KeyId);
        Add("decision.organization_id", note.OrganizationId);
        Add("decision.alias", note.Grant?.Merged.Key.Alias ?? "");
        Add("decision.policies", string.Join(',', note.Grant?.Merged.Policies.Select(entry => entry.Policy.Id) ?? []));
        Add("decision.api_id", note.ApiId);
        Add("decision.api_version", note.ApiVersion);
        Add("decision.method", note.Method);
        Add("decision.host", note.Host);
        Add("decision.path", note.Path);
        Add("decision.client_ip", note.ClientIp);
        Add("decision.trace_id", note.TraceId);
        Flag("decision.degraded", note.IsDegraded);
        Flag("decision.replayed", note.IsReplay);
        Flag("decision.peek", note.IsPeek);
        return attributes;

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                attributes.Add(new(name, value));
            }
        }

        void Flag(string name, bool value)
        {
            if (value)
            {
                attributes.Add(new(name, true));
            }
        }
    }
}
