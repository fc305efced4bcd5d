using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Findings;

namespace Decision.Engine.Json;

/// <summary>
/// One JSON object, read field by field. Every wrong field is a finding and reads as absent, so that one reading finds them all. Null is
/// absent. Nothing is coerced: a string that looks like a number is not a number.
/// </summary>
internal sealed partial class FieldReader
{
    // A file of another kind must not drown its reader.
    private const int MostFindingsOfAKind = 20;

    private readonly FieldNames _names;
    private readonly FindingScope _scope;
    private readonly string _path;
    private readonly JsonElement[] _slots;
    private readonly string?[] _spellings;
    private ImmutableSortedDictionary<string, JsonElement>.Builder? _extra;

    private FieldReader(JsonElement json, FieldNames names, FindingScope scope, string path)
    {
        _names = names;
        _scope = scope;
        _path = path;
        _slots = new JsonElement[names.Count];
        _spellings = new string?[names.Count];
        Sort(json);
    }

    /// <summary>Opens an object; null, with a finding, when it is something else.</summary>
    public static FieldReader? Open(JsonElement json, FieldNames names, FindingScope scope, string path, bool isSecret = false)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            return new FieldReader(json, names, scope, path);
        }

        scope.Error(path, $"expected an object, got {(isSecret ? JsonText.DescribeKind(json) : JsonText.Describe(json))}.");
        return null;
    }

    /// <summary>The findings of what is read.</summary>
    public FindingScope Scope => _scope;

    /// <summary>The path of a field of this object.</summary>
    public string PathOf(string name) => FindingScope.Join(_path, name);

    /// <summary>The value; null when the field is absent or null.</summary>
    public JsonElement? Value(string name)
    {
        var value = _slots[_names.Slot(name)];
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value;
    }

    /// <summary>A string; empty when absent. A secret is never quoted in a finding.</summary>
    public string Text(string name, bool isSecret = false)
    {
        if (Value(name) is not { } value)
        {
            return "";
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            WrongType(name, "a string", value, isSecret);
            return "";
        }

        if (JsonText.Read(value) is { } text)
        {
            return text;
        }

        _scope.Error(PathOf(name), "is not valid Unicode text: a surrogate stands alone.");
        return "";
    }

    /// <summary>A finite number; 0 when absent.</summary>
    public double Number(string name)
    {
        if (Value(name) is not { } value)
        {
            return 0;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            WrongType(name, "a number", value);
            return 0;
        }

        if (JsonNumber.ReadNumber(value.GetRawText(), out var number) is { } problem)
        {
            _scope.Error(PathOf(name), $"expected a number, got {JsonText.Describe(value)}, which {problem}.");
            return 0;
        }

        return number;
    }

    /// <summary>A whole number; 0 when absent.</summary>
    public long Integer(string name) => Integer(name, long.MinValue, long.MaxValue);

    /// <summary>A whole number of 32 bits; 0 when absent.</summary>
    public int Integer32(string name) => (int)Integer(name, int.MinValue, int.MaxValue);

    /// <summary>True or false; null when absent.</summary>
    public bool? OptionalFlag(string name)
    {
        switch (Value(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.True }:
                return true;
            case { ValueKind: JsonValueKind.False }:
                return false;
            case { } value:
                WrongType(name, "true or false", value);
                return null;
        }
    }

    /// <summary>True or false; false when absent.</summary>
    public bool Flag(string name) => OptionalFlag(name) ?? false;

    /// <summary>One of the words of a setting; null when absent or empty.</summary>
    public T? Word<T>(string name, SettingWords<T> words)
        where T : struct, Enum
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (words.TryParse(text, out var word))
        {
            return word;
        }

        _scope.Error(PathOf(name), words.Problem(text));
        return null;
    }

    /// <summary>An array of strings; empty when absent.</summary>
    public ImmutableArray<string> Texts(string name) => List(name, "a string", JsonValueKind.String, (value, index) =>
    {
        var text = JsonText.Read(value);
        if (text is null)
        {
            _scope.Error(PathOf(name, index), "is not valid Unicode text: a surrogate stands alone.");
        }

        return text;
    });

    /// <summary>An array of finite numbers; empty when absent.</summary>
    public ImmutableArray<double> Numbers(string name)
    {
        var numbers = List(name, "a number", JsonValueKind.Number, (value, index) =>
        {
            if (JsonNumber.ReadNumber(value.GetRawText(), out var number) is { } problem)
            {
                _scope.Error(PathOf(name, index), $"expected a number, got {JsonText.Describe(value)}, which {problem}.");
            }

            return (object)number;
        });
        return [.. numbers.Select(number => (double)number)];
    }

    /// <summary>An array of objects; empty when absent.</summary>
    public ImmutableArray<T> Objects<T>(string name, FieldNames names, Func<FieldReader, T> read)
        where T : class =>
        List(name, "an object", JsonValueKind.Object, (value, index) => read(new FieldReader(value, names, _scope, PathOf(name, index))));

    /// <summary>An object inside; null when absent, or with a finding when it is something else.</summary>
    public FieldReader? Inner(string name, FieldNames names, bool isSecret = false) =>
        Value(name) is { } value ? Open(value, names, _scope, PathOf(name), isSecret) : null;

    /// <summary>A free object, such as metadata; empty when absent.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Members(string name)
    {
        if (Value(name) is not { } value)
        {
            return FreeValue.Empty;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            WrongType(name, "an object", value);
            return FreeValue.Empty;
        }

        return FreeValue.KeepMembers(value, _scope, PathOf(name));
    }

    /// <summary>Keeps what an inner object had beside the fields that were read from it.</summary>
    public void KeepRest(string name, FieldReader inner)
    {
        if (inner._extra is { Count: > 0 })
        {
            (_extra ??= FreeValue.Empty.ToBuilder())[name] = ElementMap.ToElement(inner._extra.ToImmutable());
        }
    }

    /// <summary>What this object had beside the fields that are read. Call it last.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Extra() => _extra?.ToImmutable() ?? FreeValue.Empty;

    private string PathOf(string name, int index) => $"{PathOf(name)}[{index}]";

    private long Integer(string name, long least, long most)
    {
        if (Value(name) is not { } value)
        {
            return 0;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            WrongType(name, "a whole number", value);
            return 0;
        }

        var problem = JsonNumber.ReadInteger(value.GetRawText(), out var integer);
        if (problem is null && (integer < least || integer > most))
        {
            problem = "is out of range";
        }

        if (problem is null)
        {
            return integer;
        }

        _scope.Error(PathOf(name), $"expected a whole number from {least} to {most}, got {JsonText.Describe(value)}, which {problem}.");
        return 0;
    }

    private ImmutableArray<T> List<T>(string name, string expected, JsonValueKind kind, Func<JsonElement, int, T?> read)
        where T : class
    {
        if (Value(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            WrongType(name, $"an array, each item {expected}", value);
            return [];
        }

        var items = ImmutableArray.CreateBuilder<T>(value.GetArrayLength());
        var wrong = 0;
        var index = -1;
        foreach (var item in value.EnumerateArray())
        {
            index++;
            if (item.ValueKind != kind)
            {
                if (++wrong <= MostFindingsOfAKind)
                {
                    _scope.Error(PathOf(name, index), $"expected {expected}, got {JsonText.Describe(item)}.");
                }
            }
            else if (read(item, index) is { } result)
            {
                items.Add(result);
            }
        }

        if (wrong > MostFindingsOfAKind)
        {
            _scope.Error(PathOf(name), $"has {wrong - MostFindingsOfAKind} more items that are not {expected}.");
        }

        return items.DrainToImmutable();
    }

    private void WrongType(string name, string expected, JsonElement value, bool isSecret = false) =>
        _scope.Error(PathOf(name), $"expected {expected}, got {(isSecret ? JsonText.DescribeKind(value) : JsonText.Describe(value))}.");
}
