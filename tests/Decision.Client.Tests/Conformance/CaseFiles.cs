using System.Reflection;
using System.Text.Json.Nodes;

namespace Decision.Client.Tests.Conformance;

/// <summary>The cases that every client passes, as clients/conformance/README.md describes them.</summary>
internal static class CaseFiles
{
    private static readonly string[] CaseFields = ["name", "given", "services", "client", "middleware", "steps"];

    private static readonly string[] StepFields =
    [
        "authorize", "times", "parallel", "batch", "expect_each", "admin", "secret", "expect_response", "explain", "expect_steps", "connect",
        "expect_answering", "advance_ms", "stop", "start", "until_asked", "request", "expect", "error", "as", "asked", "asked_in_all", "asked_at_most",
        "received", "received_metadata", "received_deadline_ms", "took_ms",
        "http", "status", "headers", "headers_once", "body", "body_text", "lacks", "app", "received_has",
    ];

    /// <summary>The folder of cases, fixture and server.</summary>
    public static string Folder { get; } =
        typeof(CaseFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ConformanceFolder").Value!;

    /// <summary>File, position and name of each case in a folder.</summary>
    public static TheoryData<string, int, string> In(string folder)
    {
        var cases = new TheoryData<string, int, string>();
        foreach (string file in Directory.GetFiles(Path.Combine(Folder, "cases", folder), "*.json").Order(StringComparer.Ordinal))
        {
            foreach (var (index, one) in Read(file).Index())
            {
                cases.Add(Path.Combine(folder, Path.GetFileName(file)), index, (string)one["name"]!);
            }
        }

        return cases;
    }

    /// <summary>One case. Fails on a field that the runner does not know: nothing is skipped unseen.</summary>
    public static JsonObject Case(string file, int index)
    {
        var one = Read(Path.Combine(Folder, "cases", file))[index];
        Assert.Empty(one.Select(field => field.Key).Except(CaseFields));
        var steps = (one["given"] as JsonArray ?? []).Concat((JsonArray)one["steps"]!);
        Assert.Empty(steps.SelectMany(step => (JsonObject)step!).Select(field => field.Key).Except(StepFields));
        return one;
    }

    private static JsonObject[] Read(string path) =>
        [.. ((JsonArray)JsonNode.Parse(File.ReadAllText(path))!["cases"]!).Select(one => (JsonObject)one!)];
}
