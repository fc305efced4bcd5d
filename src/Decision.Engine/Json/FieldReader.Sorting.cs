using System.Text.Json;

namespace Decision.Engine.Json;

/// <content>Puts each field of the object into its place, once, before any is read.</content>
internal sealed partial class FieldReader
{
    private void Sort(JsonElement json)
    {
        HashSet<string>? others = null;
        var unknown = 0;
        foreach (var property in json.EnumerateObject())
        {
            if (JsonText.ReadName(property) is not { } name)
            {
                _scope.Error(_path, "has a field whose name is not valid Unicode text.");
                continue;
            }

            var field = _names.Find(name);
            if (field is { Use: FieldUse.Read })
            {
                Place(field, name, property.Value);
            }
            else if (!(others ??= new HashSet<string>(StringComparer.Ordinal)).Add(field?.Name ?? name))
            {
                _scope.Error(PathOf(name), "is there twice: remove one.");
            }
            else if (field is not { Use: FieldUse.Dropped })
            {
                if (field is null && ++unknown <= MostFindingsOfAKind)
                {
                    WarnUnknown(name);
                }

                if (FreeValue.Keep(property.Value, _scope, PathOf(name)) is { } kept)
                {
                    (_extra ??= FreeValue.Empty.ToBuilder())[field?.Name ?? name] = kept;
                }
            }
        }

        if (unknown > MostFindingsOfAKind)
        {
            _scope.Warn(_path, $"has {unknown - MostFindingsOfAKind} more unknown fields; they are kept without effect.");
        }
    }

    private void Place(FieldNames.Field field, string name, JsonElement value)
    {
        ref var spelling = ref _spellings[field.Slot];
        ref var slot = ref _slots[field.Slot];
        if (spelling is null)
        {
            (spelling, slot) = (name, value);
        }
        else if (spelling == name)
        {
            _scope.Error(PathOf(name), "is there twice: remove one.");
        }
        else if (spelling.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            _scope.Error(PathOf(name), $"is there twice, as {spelling} and as {name}: keep one, {field.Name}.");
        }
        else if (slot.ValueKind == JsonValueKind.Null || value.ValueKind == JsonValueKind.Null || IsSame(slot, value))
        {
            slot = slot.ValueKind == JsonValueKind.Null ? value : slot;
        }
        else
        {
            _scope.Error(PathOf(field.Name), $"is written as {spelling} and as {name}, with different values: keep one, {field.Name}.");
        }
    }

    private void WarnUnknown(string name)
    {
        var suggestion = _names.Suggest(name) is { } meant ? $" Did you mean {meant}?" : "";
        _scope.Warn(PathOf(JsonText.Shorten(name)), $"is an unknown field; it is kept without effect.{suggestion}");
    }

    private static bool IsSame(JsonElement left, JsonElement right)
    {
        try
        {
            return JsonElement.DeepEquals(left, right);
        }
        catch (InvalidOperationException)
        {
            // Text that is no Unicode: its own finding comes when it is read.
            return true;
        }
    }
}
