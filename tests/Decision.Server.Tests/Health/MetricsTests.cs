namespace Decision.Server.Tests.Health;

/// <summary>The OpenTelemetry SDK hears every meter of a name in the process: beside other servers, their decisions would count here too.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
public sealed class OneServerInTheProcess;

[Collection(nameof(MetricsTests))]
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_count_decisions_by_reason_and_time_them()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        for (int time = 0; time < 3; time++)
        {
            await server.Client.AuthorizeAsync(Samples.Ask(key));
        }

        string text = await server.Http.GetStringAsync("/metrics");

        Assert.Contains(text.Split('\n'), line => Counts(line, "decision_decisions_total", "reason=\"ALLOWED\"", "2"));
        Assert.Contains(text.Split('\n'), line => Counts(line, "decision_decisions_total", "reason=\"RATE_LIMITED\"", "1"));
        Assert.Contains(text.Split('\n'), line => Counts(line, "decision_duration_seconds_count", "", "3"));
        Assert.Contains(text.Split('\n'), line => Counts(line, "decision_duration_seconds_bucket", "le=\"+Inf\"", "3"));
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
    }

    private static bool Counts(string line, string name, string label, string value)
    {
        string[] parts = line.Split(' ');
        return parts.Length >= 2 && parts[0].Split('{')[0] == name && parts[0].Contains(label, StringComparison.Ordinal) && parts[1] == value;
    }
}
