using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decision.Engine;
using Decision.Runtime.Metrics;
using Decision.Server.Tests.Health;
using YamlDotNet.RepresentationModel;

namespace Decision.Server.Tests.Packaging;

/// <summary>The alerts and the dashboard ask for metrics and labels that servers really have, and there is a section on each alert.</summary>
[Collection(nameof(MetricsTests))]
public sealed partial class AlertTests
{
    // Of Prometheus itself, and words of its language.
    private static readonly HashSet<string> Others = new(
        ["up", "sum", "max", "min", "by", "rate", "increase", "count_values", "histogram_quantile", "topk", "and", "or", "label_values"], StringComparer.Ordinal);

    private static readonly string[] OfPrometheus = ["job", "instance", "le"];

    private static YamlNode Alerts { get; } = YamlFile.Read(DeployFiles.PathOf("prometheus", "alerts.yaml"))[0];

    [Fact]
    public async Task Every_query_asks_for_metrics_that_servers_have_with_labels_that_they_have()
    {
        var instruments = await InstrumentsAsync();
        var page = Page();
        string[] queries = [.. AlertQueries(), .. DashboardQueries()];

        Assert.InRange(queries.Length, 50, 200);
        foreach (string query in queries)
        {
            var names = NamePattern().Matches(LabelListPattern().Replace(MatcherPattern().Replace(query, ""), "")).Select(match => match.Value).Except(Others).ToArray();
            Assert.NotEmpty(names.Append(query.Contains("up{", StringComparison.Ordinal) ? "up" : names.FirstOrDefault()).OfType<string>());
            foreach (string name in names)
            {
                Assert.True(instruments.Contains(name), $"No server has {name}, which {query} asks for.");
                var labels = MatcherPattern().Matches(query).SelectMany(match => LabelPattern().Matches(match.Value)).Select(match => match.Groups[1].Value)
                    .Concat(LabelListPattern().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));
                Assert.All(labels.Except(OfPrometheus).Except(["revision"]), label =>
                    Assert.True(names.Any(one => page[Plain(one)].Contains($"`{label}`", StringComparison.Ordinal)), $"No metric of {query} has the label {label}."));
            }
        }
    }

    [Fact]
    public void Every_value_that_a_query_names_is_one_that_there_is()
    {
        string[] reasons = [.. Enum.GetValues<Reason>().Select(reason => reason.ToName())];

        foreach (string query in AlertQueries().Concat(DashboardQueries()))
        {
            Assert.All(ReasonPattern().Matches(query).Select(match => match.Groups[1].Value), reason => Assert.Contains(reason, reasons));
            Assert.All(ResultPattern().Matches(query).SelectMany(match => match.Groups[1].Value.Split('|')), result =>
                Assert.Contains($"`{result}`", File.ReadAllText(Repository.PathOf("docs", "reference", "metrics.md")), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_alert_has_a_section_that_says_what_to_do_and_every_section_its_alert()
    {
        string[] alerts = [.. Alerts.List("groups/0/rules").Select(rule => rule.Text("alert"))];
        string page = File.ReadAllText(Repository.PathOf("docs", "operations.md"));
        string[] sections = [.. SectionPattern().Matches(page[page.IndexOf("## Alerts", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value)];

        Assert.Equal(alerts, sections);
        Assert.All(Alerts.List("groups/0/rules"), rule =>
        {
            Assert.Equal($"docs/operations.md#{rule.Text("alert").ToLowerInvariant()}", rule.Text("annotations/runbook"));
            Assert.NotEmpty(rule.Text("annotations/summary"));
            Assert.Contains(rule.Text("labels/severity"), (string[])["critical", "warning"]);
            Assert.Matches("^[0-9]+[smh]$", rule.Text("for"));
        });
    }

    private static IEnumerable<string> AlertQueries() => Alerts.List("groups/0/rules").Select(rule => rule.Text("expr"));

    private static List<string> DashboardQueries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(DeployFiles.PathOf("grafana", "decision.json")));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!,
        ];
    }

    // As Prometheus has them, of a server on each store that has everything switched on.
    private static async Task<HashSet<string>> InstrumentsAsync()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is DecisionMetrics.MeterName or "System.Runtime" or "Microsoft.AspNetCore.Server.Kestrel")
                {
                    lock (names)
                    {
                        names.UnionWith(Exported(instrument));
                    }
                }
            },
        };
        listener.Start();
        string[] all = ["DecisionLog:Mode=sampled", "DecisionLog:Output=otlp", "Usage:Days=1", "Telemetry:Endpoint=http://127.0.0.1:9", "Events:Webhook:Address=http://127.0.0.1:9/", "Events:Webhook:Secret=a-secret-for-tests-only"];
        await using var embedded = await RunningServer.StartAsync(all);
        await embedded.Client.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));

        // Nobody is there: a server starts without its Redis.
        using var folder = new TemporaryFolder();
        await using var redis = await RunningServer.StartAsync(["Storage:Kind=redis", "Redis:Configuration=127.0.0.1:9,connectTimeout=100"], folder: folder);
        await embedded.Http.GetStringAsync("/metrics");
        lock (names)
        {
            return [.. names];
        }
    }

    private static IEnumerable<string> Exported(Instrument instrument)
    {
        string type = instrument.GetType().Name;
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        string name = instrument.Name.Replace('.', '_') + unit;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? [name + "_bucket", name + "_sum", name + "_count"]
            : type.Contains("Counter", StringComparison.Ordinal) && !type.Contains("UpDown", StringComparison.Ordinal) ? [name + "_total"]
            : [name];
    }

    // Of the metric's page: name -> the cell with its labels.
    private static Dictionary<string, string> Page() => File.ReadLines(Repository.PathOf("docs", "reference", "metrics.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1].Trim('`'), cells => cells[3], StringComparer.Ordinal);

    private static string Plain(string name) => HistogramPattern().Replace(name, "");

    [GeneratedRegex(@"[a-z][a-z0-9_]*(?![a-z0-9_""])", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    // What is in braces, brackets and quotes.
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|""[^""]*""", RegexOptions.CultureInvariant)]
    private static partial Regex MatcherPattern();

    [GeneratedRegex(@"by \(([a-z_, ]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex LabelListPattern();

    [GeneratedRegex(@"([a-z_]+)=~?""", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();

    [GeneratedRegex("reason=\"([A-Z_]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex ReasonPattern();

    [GeneratedRegex("result=~?\"([a-z|]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex ResultPattern();

    [GeneratedRegex("^### (\\w+)$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex SectionPattern();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.CultureInvariant)]
    private static partial Regex HistogramPattern();
}
