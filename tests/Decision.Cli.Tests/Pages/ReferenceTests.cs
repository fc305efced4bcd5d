using System.Diagnostics;
using System.Text.RegularExpressions;
using Decision.Cli.Tests.Support;
using Decision.Engine;

namespace Decision.Cli.Tests.Pages;

/// <summary>The pages of the reference say what the code says.</summary>
public sealed partial class ReferenceTests(LiveServer server)
{
    [Fact]
    public void Reasons_are_those_of_the_engine_with_their_status_and_message()
    {
        var rows = Rows("docs/reference/reasons.md").Select(cells => (Name: cells[0].Trim('`'), Status: cells[1], Message: cells[2])).ToList();

        var expected =
            from reason in Enum.GetValues<Reason>()
            where reason != Reason.Unspecified
            select (reason.ToName(), $"{ReasonTable.HttpStatus(reason)}", ReasonTable.Message(reason));
        Assert.Equal(expected, rows);
    }

    [Fact]
    public void Metrics_of_our_meters_are_all_on_the_page()
    {
        var names =
            from file in Directory.EnumerateFiles(Repository.PathOf("src"), "*Metrics.cs", SearchOption.AllDirectories)
            from Match match in InstrumentPattern().Matches(File.ReadAllText(file))
            select Exported(match.Groups["kind"].Value, match.Groups["name"].Value, match.Groups["unit"].Value);

        // Both stores have some under the same name.
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), Metrics().Keys.Where(name => name.StartsWith("decision_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Metrics_that_a_server_answers_are_on_the_page_with_their_labels()
    {
        await Tool.RunAsync(server, "authorize", "--api", "orders", "--path", "/orders/1", "--key", "no-such-key-at-all");
        using var http = new HttpClient { BaseAddress = new Uri(server.HttpAddress) };
        string text = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var page = Metrics();

        var unknown =
            from line in text.Split('\n')
            let match = SamplePattern().Match(line)
            where match.Success && match.Groups["name"].Value != "target_info"
            let name = page.ContainsKey(match.Groups["name"].Value) ? match.Groups["name"].Value : HistogramPattern().Replace(match.Groups["name"].Value, "")
            from label in LabelPattern().Matches(match.Groups["labels"].Value).Select(label => label.Groups[1].Value).DefaultIfEmpty("")
            where !page.TryGetValue(name, out string? labels)
                || !(label.Length == 0 || label is "le" || label.StartsWith("otel_scope_", StringComparison.Ordinal) || labels.Contains($"`{label}`", StringComparison.Ordinal))
            select $"{name} {label}";

        Assert.Contains("decision_decisions_total", text, StringComparison.Ordinal);
        Assert.Empty(unknown.Distinct());
    }

    [Fact]
    public async Task Protos_page_is_what_the_protos_say()
    {
        Assert.SkipUnless(
            File.Exists(Repository.PathOf("eng", "node_modules", ".bin", "buf")) || Environment.GetEnvironmentVariable("CI") == "true",
            "buf is not installed: run eng/lint-protos.sh, which installs it.");
        var start = new ProcessStartInfo("node", [Repository.PathOf("eng", "proto-reference.mjs"), "--check"]) { RedirectStandardError = true, RedirectStandardOutput = true };

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await output + errors);
    }

    // Name -> the cell with its labels.
    private static Dictionary<string, string> Metrics() =>
        Rows("docs/reference/metrics.md").ToDictionary(cells => cells[0].Trim('`'), cells => cells[2], StringComparer.Ordinal);

    // The rows of all tables of a page whose first cell is code.
    private static IEnumerable<string[]> Rows(string page) =>
        from line in MarkdownPage.Read(page).Lines
        where line.StartsWith("| `", StringComparison.Ordinal)
        select line.Split('|', StringSplitOptions.TrimEntries)[1..];

    // As the exporter for Prometheus writes it: units behind the name, counters with _total.
    private static string Exported(string kind, string name, string unit) =>
        name.Replace('.', '_') + (unit == "s" ? "_seconds" : "") + (kind.Contains("Counter", StringComparison.Ordinal) ? "_total" : "");

    [GeneratedRegex("""Create(?<kind>\w+)(<\w+>)?\(\s*"(?<name>decision\.[a-z_.]+)"(,\s*"(?<unit>s)")?""", RegexOptions.CultureInvariant)]
    private static partial Regex InstrumentPattern();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:]+)(\{(?<labels>.*)\})? ", RegexOptions.CultureInvariant)]
    private static partial Regex SamplePattern();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.CultureInvariant)]
    private static partial Regex HistogramPattern();

    [GeneratedRegex("""([a-zA-Z_]+)="[^"]*""", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();
}
