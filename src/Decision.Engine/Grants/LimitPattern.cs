using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Decision.Engine.Grants;

/// <summary>
/// The metadata's <c>rate_limit_pattern</c>: a template such as <c>$tyk_meta.developer_id|$tyk_meta.plan</c>. Keys of one organisation
/// whose templates give the same text share their counters.
/// </summary>
internal static class LimitPattern
{
    private const string Field = "rate_limit_pattern";
    private const string Prefix = "$tyk_meta.";

    /// <summary>The text; empty = the key counts for itself.</summary>
    public static string Evaluate(ImmutableSortedDictionary<string, JsonElement> metadata)
    {
        if (!metadata.TryGetValue(Field, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        string template = value.GetString()!;
        var text = new StringBuilder(template.Length);
        int at = 0;
        while (template.IndexOf(Prefix, at, StringComparison.Ordinal) is >= 0 and var start)
        {
            text.Append(template, at, start - at);
            int end = start + Prefix.Length;
            while (end < template.Length && (char.IsAsciiLetterOrDigit(template[end]) || template[end] is '_' or '-' or '.'))
            {
                end++;
            }

            text.Append(TextOf(metadata, template[(start + Prefix.Length)..end]));
            at = end;
        }

        return text.Append(template, at, template.Length - at).ToString();
    }

    private static string TextOf(ImmutableSortedDictionary<string, JsonElement> metadata, string name) =>
        !metadata.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.GetRawText();
}
