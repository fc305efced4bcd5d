using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decision.Engine.Tests.Cases;

/// <summary>Reads files of cases. A field that is not known, or is there twice, is an error: a typing error must not make a test vacuous.</summary>
internal sealed record CaseFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public string Note { get; init; } = "";

    public required List<GoldenCase> Cases { get; init; }

    /// <summary>The folder that the build copies tests/cases to.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "cases");

    /// <summary>Every case, by its file and name.</summary>
    public static IReadOnlyDictionary<string, GoldenCase> All { get; } = ReadAll();

    /// <exception cref="JsonException">The text is not a file of cases; the message names the place.</exception>
    public static CaseFile Parse(string json)
    {
        var file = JsonSerializer.Deserialize<CaseFile>(json, Options) ?? throw new JsonException("A file of cases is an object.");
        foreach (var one in file.Cases)
        {
            Check(one);
        }

        return file;
    }

    private static Dictionary<string, GoldenCase> ReadAll()
    {
        var cases = new Dictionary<string, GoldenCase>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string file = Path.GetRelativePath(Folder, path).Replace('\\', '/');
            foreach (var one in ParseFile(path).Cases)
            {
                if (!cases.TryAdd($"{file}: {one.Name}", one))
                {
                    throw new JsonException($"{file} has two cases with the name \"{one.Name}\".");
                }
            }
        }

        return cases;
    }

    private static CaseFile ParseFile(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (JsonException problem)
        {
            throw new JsonException($"{path}: {problem.Message}", problem);
        }
    }

    // What a case must say, so that it can fail.
    private static void Check(GoldenCase one)
    {
        if (one.ExpectMerge is null && one.ExpectFindings is null && one.Requests.All(step => step.Expect is null))
        {
            throw new JsonException($"Case \"{one.Name}\" expects nothing: write expect_merge, expect_findings or a request with expect.");
        }

        foreach (var step in one.Requests)
        {
            if (step.Edit is null == step.Expect is null)
            {
                throw new JsonException($"Case \"{one.Name}\": a step of requests has either edit or expect.");
            }

            if (step.Expect is { Allowed: false, Reason: null })
            {
                throw new JsonException($"Case \"{one.Name}\": a request that is not allowed must name its reason.");
            }
        }
    }
}
