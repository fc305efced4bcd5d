using System.Diagnostics.Metrics;

namespace Decision.Client;

/// <summary>
/// The meter <c>Decision.Client</c>: <c>decision.client.verdicts</c>, one for each answer, with <c>source</c> (<c>service</c>, <c>memory</c>,
/// <c>failure_mode</c>) and <c>allowed</c>.
/// </summary>
internal static class ClientMetrics
{
    public const string MeterName = "Decision.Client";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Verdicts = Meter.CreateCounter<long>(
        "decision.client.verdicts", "{verdict}", "Answers to the question whether a request may pass.");

    public static void Count(Verdict verdict)
    {
        if (Verdicts.Enabled)
        {
            string source = verdict.IsFromFailureMode ? "failure_mode" : verdict.IsRemembered ? "memory" : "service";
            Verdicts.Add(1, new("source", source), new("allowed", verdict.IsAllowed));
        }
    }
}
