using System.Text.Json;

namespace Decision.Runtime.Administration;

/// <summary>One field that differs between two documents.</summary>
/// <param name="Field">Its path, such as <c>access_rights.orders.limit.rate</c>. Objects that both have are looked into, lists are one value.</param>
/// <param name="Root">The first part of the path.</param>
/// <param name="Before">Its JSON; null = not set.</param>
/// <param name="After">Likewise.</param>
public sealed record FieldChange(string Field, string Root, string? Before, string? After)
{
    /// <summary>The fields that differ, those of the second document first.</summary>
    /// <param name="before">A JSON object.</param>
    /// <param name="after">Another one.</param>
    public static IReadOnlyList<FieldChange> Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        using var one = JsonDocument.Parse(before);
        using var other = JsonDocument.Parse(after);
        var changes = new List<FieldChange>();
        CompareObjects("", "", one.RootElement, other.RootElement, changes);
        return changes;
    }

    private static void CompareObjects(string path, string root, JsonElement before, JsonElement after, List<FieldChange> changes)
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

        void Compare(string name, JsonElement? old, JsonElement? next) =>
            CompareValues(path.Length == 0 ? name : $"{path}.{name}", root.Length == 0 ? name : root, old, next, changes);
    }

    private static void CompareValues(string path, string root, JsonElement? before, JsonElement? after, List<FieldChange> changes)
    {
        if (before is { } one && after is { } other)
        {
            if (JsonElement.DeepEquals(one, other))
            {
                return;
            }

            if (one.ValueKind == JsonValueKind.Object && other.ValueKind == JsonValueKind.Object)
            {
                CompareObjects(path, root, one, other, changes);
                return;
            }
        }

        changes.Add(new FieldChange(path, root, before?.GetRawText(), after?.GetRawText()));
    }
}
