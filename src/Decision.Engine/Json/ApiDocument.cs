using System.Text.Json;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Paths;
using Decision.Engine.Rules;

namespace Decision.Engine.Json;

/// <summary>The file of <c>apis:record_name</c>, which holds the API registry.</summary>
public static class ApiDocument
{
    /// <summary>
    /// Reads and checks the file: an array of APIs, or one object, API id -> API. All findings come at once; one error refuses the file.
    /// </summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="fileName">Names the file in findings.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>The APIs by id; null when there is an error.</returns>
    public static IReadOnlyDictionary<string, Api>? Read(
        ReadOnlyMemory<byte> utf8, string fileName, FindingList findings, UrlMatching matching = UrlMatching.Segments)
    {
        using var document = JsonSource.Parse(utf8, fileName, findings);
        if (document is null)
        {
            return null;
        }

        var apis = new Dictionary<string, Api>(StringComparer.Ordinal);
        var patterns = new PatternCheck(matching);
        var isRefused = false;
        switch (document.RootElement.ValueKind)
        {
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in document.RootElement.EnumerateArray())
                {
                    Add(item, null, $"{fileName}: [{index}] ");
                    index++;
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (JsonText.ReadName(property) is { } id)
                    {
                        Add(property.Value, id, $"{fileName}: ");
                    }
                    else
                    {
                        findings.Error(fileName, "", "has an API id that is not valid Unicode text.");
                        isRefused = true;
                    }
                }

                break;
            default:
                findings.Error(
                    fileName, "", $"expected an array of APIs, or an object API id -> API, got {JsonText.Describe(document.RootElement)}.");
                return null;
        }

        return isRefused ? null : apis;

        void Add(JsonElement json, string? outerId, string prefix)
        {
            if (ApiJson.ReadChecked(json, outerId, findings, prefix, patterns) is not { } api)
            {
                isRefused = true;
            }
            else if (!apis.TryAdd(api.Id, api))
            {
                findings.Error(Subjects.Api(api.Id, prefix), "api_id", "is there twice: remove one.");
                isRefused = true;
            }
        }
    }
}
