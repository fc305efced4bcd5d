using BenchmarkDotNet.Attributes;
using Decision.Engine.Paths;

namespace Decision.Benchmarks.Engine;

/// <summary>A request's path: made canonical, and matched against <c>allowed_urls</c> of which only the last entry fits.</summary>
[MemoryDiagnoser]
public class PathBenchmarks
{
    private UrlRules _rules = UrlRules.None;

    [Params("1", "50", "1 regex", "50 regex")]
    public string AllowedUrls { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        int count = int.Parse(AllowedUrls.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        var entries = AllowedUrls.EndsWith("regex", StringComparison.Ordinal)
            ? [.. Enumerable.Range(1, count).Select(number => new UrlEntry(number == count ? "^/orders/[0-9]+/(items|notes)$" : $"^/resource-{number}/[0-9]+$", ["GET"]))]
            : Samples.Urls(count).Select(url => new UrlEntry(url.Url, url.Methods)).ToArray();
        _rules = UrlRules.Compile(entries, UrlMatching.Segments, out var problems);
        if (problems.Count > 0 || !Match() || _rules.Allows("GET", new MatchPath("/orders")))
        {
            throw new InvalidOperationException("The entries do not match what they should.");
        }
    }

    [Benchmark]
    public bool Match() => _rules.Allows("GET", new MatchPath(Samples.LastPath));

    [Benchmark]
    public bool NormalizeAndMatch() =>
        RequestPath.TryNormalize(Samples.LastPath, PathNormalization.Refuse, out string path, out _) && _rules.Allows("GET", new MatchPath(path));
}
