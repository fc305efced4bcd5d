using Decision.Runtime.Observation.Notes;
using Decision.Server.Configuration;

namespace Decision.Server.DecisionLogs;

/// <summary>Adds the decision log.</summary>
internal static class DecisionLogExtensions
{
    /// <summary>Adds it where the settings want one.</summary>
    public static void AddDecisionLog(this IServiceCollection services, ServerSettings settings)
    {
        var log = settings.DecisionLog;
        if (log.Mode == NoteMode.Off)
        {
            return;
        }

        services.AddSingleton<DecisionLogMetrics>();
        services.AddSingleton(provider => new NoteQueue(log.Queue, provider.GetRequiredService<DecisionLogMetrics>().Dropped));
        services.AddSingleton<INoteWriter>(_ => log.Output switch
        {
            DecisionLogOutput.File => new LineWriter(new RotatedFile(log.File, log.MaxFileBytes, log.Files)),
            DecisionLogOutput.Otlp => new OtlpNotes(settings.Telemetry),
            _ => new LineWriter(new StandardOutput()),
        });
        services.AddHostedService<DecisionLogService>();
    }
}
