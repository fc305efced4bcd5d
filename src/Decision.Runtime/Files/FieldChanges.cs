using System.Text.Json;

namespace Decision.Runtime.Files;

/// <summary>Says in one line which fields differ between two JSON objects: <c>rate 3 -> 100, quota_max 5 -> 50</c>.</summary>
internal sealed class FieldChanges
{
    private const int MostShown = 8;
    private const int LongestValue = 60;
    private readonly List<string> _changes = [];
    private readonly Predicate<string> _isHidden;
    private readonly Predicate<string> _isIgnored;

    private FieldChanges(Predicate<string> isHidden, Predicate<string> isIgnored)
    {
        _isHidden = isHidden;
        _isIgnored = isIgnored;
    }

    /// <summary>The line; empty when nothing differs.</summary>
    /// <param name="before">One object.</param>
    /// <param name="after">The other.</param>
    /// <param name="isHidden">Top-level fields whose values are not said, because they may hold a secret.</param>
    /// <param name="isIgnored">Top-level fields that are said elsewhere.</param>
    public static string Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, Predicate<string> isHidden, Predicate<string> isIgnored)
    {
        var changes = new FieldChanges(isHidden, isIgnored);
        using var one = JsonDocument.Parse(before);
        using var other = JsonDocument.Parse(after);
        changes.CompareObjects("", one.RootElement, other.RootElement, false);
        int more = changes._changes.Count - MostShown;
        string line = string.Join(", ", changes._changes.Take(MostShown));
        return more > 0 ? $"{line} and {more} more" : line;
    }

    private void CompareObjects(string path, JsonElement before, JsonElement after, bool isHidden)
    {
        foreach (var field in after.EnumerateObject())
        {
            Compare(field.Name, before.TryGetProperty(field.Name, out var old) ? old : null, field.Value);
        }

        foreach (var field in before.EnumerateObject())
        {
            if (!after.TryGetProperty(field.Name, out _))
            {
                Compare(field.Name, field.Value, null);
            }
        }

        void Compare(string name, JsonElement? old, JsonElement? now)
        {
            bool isTop = path.Length == 0;
            if (!isTop || !_isIgnored(name))
            {
                CompareValues(isTop ? name : $"{path}.{name}", old, now, isHidden || (isTop && _isHidden(name)));
            }
        }
    }

    private void CompareValues(string path, JsonElement? before, JsonElement? after, bool isHidden)
    {
        if (before is { } one && after is { } other)
        {
            if (JsonElement.DeepEquals(one, other))
            {
                return;
            }

            if (one.ValueKind == JsonValueKind.Object && other.ValueKind == JsonValueKind.Object)
            {
                CompareObjects(path, one, other, isHidden);
                return;
            }
        }

        bool isObject = (before ?? after)!.Value.ValueKind == JsonValueKind.Object;
        _changes.Add((before, after) switch
        {
            (null, _) when isHidden || isObject => $"{path} added",
            (_, null) when isHidden || isObject => $"{path} removed",
            _ when isHidden => $"{path} changed",
            _ => $"{path} {Show(before)} -> {Show(after)}",
        });
    }

    private static string Show(JsonElement? value)
    {
        string text = value?.GetRawText() ?? "not set";
        return text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue - 3), "...");
    }
}
