using System.Text.Json;

namespace Decision.Engine.Json;

/// <summary>What findings are about, in one spelling for reading and for rules.</summary>
internal static class Subjects
{
    public static string Policy(string id, string prefix) => Named("policy", id, prefix);

    public static string Api(string id, string prefix) => Named("API", id, prefix);

    public static string Organization(string id, string prefix) => Named("organisation", id, prefix);

    /// <summary>
    /// The id inside an object, looked for before anything is read, so that the findings can name it; empty when there is none.
    /// </summary>
    public static string IdIn(JsonElement json, params ReadOnlySpan<string> names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        foreach (var wanted in names)
        {
            foreach (var property in json.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.String
                    && wanted.Equals(JsonText.ReadName(property), StringComparison.OrdinalIgnoreCase)
                    && JsonText.Read(property.Value) is { Length: > 0 } text)
                {
                    return text;
                }
            }
        }

        return "";
    }

    private static string Named(string kind, string id, string prefix) =>
        id.Length == 0 ? $"{prefix}{kind}" : $"{prefix}{kind} {JsonText.Shorten(id)}";
}
