using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Findings;

namespace Decision.Engine.Json;

/// <summary>Values that are kept as they came: metadata and fields without a meaning here.</summary>
internal static class FreeValue
{
    private const int DeepestNesting = 64;

    /// <summary>A copy that does not hold on to the document; null, with a finding, when it could not be given back faithfully.</summary>
    public static JsonElement? Keep(JsonElement value, FindingScope scope, string path) =>
        IsFaithful(value, scope, path, 0) ? value.Clone() : null;

    /// <summary>The members of a free object; empty when it is not one, with a finding.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> KeepMembers(JsonElement value, FindingScope scope, string path)
    {
        if (!IsFaithful(value, scope, path, 0))
        {
            return Empty;
        }

        var members = Empty.ToBuilder();
        foreach (var property in value.EnumerateObject())
        {
            members[property.Name] = property.Value.Clone();
        }

        return members.ToImmutable();
    }

    /// <summary>No members, sorted by code unit.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> Empty { get; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty.WithComparers(StringComparer.Ordinal);

    private static bool IsFaithful(JsonElement value, FindingScope scope, string path, int depth)
    {
        if (depth > DeepestNesting)
        {
            scope.Error(path, $"is nested deeper than {DeepestNesting} levels: flatten it.");
            return false;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when JsonText.Read(value) is null:
                scope.Error(path, "is not valid Unicode text: a surrogate stands alone.");
                return false;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (NeedsLook(item) && !IsFaithful(item, scope, $"{path}[{index}]", depth + 1))
                    {
                        return false;
                    }

                    index++;
                }

                return true;
            case JsonValueKind.Object:
                return IsFaithfulObject(value, scope, path, depth);
            case JsonValueKind.Undefined:
                scope.Error(path, "holds no value.");
                return false;
            default:
                return true;
        }
    }

    private static bool IsFaithfulObject(JsonElement value, FindingScope scope, string path, int depth)
    {
        var isFaithful = true;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (JsonText.ReadName(property) is not { } name)
            {
                scope.Error(path, "has a field whose name is not valid Unicode text.");
                isFaithful = false;
                continue;
            }

            var inner = FindingScope.Join(path, name);
            if (!names.Add(name))
            {
                scope.Error(inner, "is there twice: remove one.");
                isFaithful = false;
            }

            isFaithful &= !NeedsLook(property.Value) || IsFaithful(property.Value, scope, inner, depth + 1);
        }

        return isFaithful;
    }

    private static bool NeedsLook(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Undefined;
}
