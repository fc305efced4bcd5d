using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decision.Console.Documents;

/// <summary>
/// An API, an organisation or a policy while somebody writes it: its JSON, which the form's fields are parts of. So nothing is lost that the form
/// has no field for, and what is half typed may be wrong.
/// </summary>
public class DocumentDraft
{
    // A name that is there twice is a finding, and no object that a form could have fields of.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonObject _root;

    // As it was typed, until a field of the form changes something: nobody's text is set right under their hands.
    private string? _typed;

    /// <summary>One of this JSON.</summary>
    protected DocumentDraft(JsonObject root) => _root = root;

    /// <summary>Whether what was typed is no JSON object at the moment.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>Its JSON.</summary>
    public string Json
    {
        get => _typed ?? _root.ToJsonString(Indented);
        set
        {
            _typed = value;
            IsUnreadable = true;
            try
            {
                if (JsonNode.Parse(value, documentOptions: Strict) is JsonObject read)
                {
                    (_root, IsUnreadable) = (read, false);
                }
            }
            catch (JsonException)
            {
                // What is wrong with it is a finding.
            }
        }
    }

    /// <summary>One that has these texts, still empty.</summary>
    public static DocumentDraft Empty(params IEnumerable<string> fields) =>
        new(new JsonObject(fields.Select(field => KeyValuePair.Create(field, (JsonNode?)JsonValue.Create("")))));

    /// <summary>One that is stored.</summary>
    public static DocumentDraft Of(ReadOnlySpan<byte> json) => new(Parse(json));

    /// <summary>A name as a part of a path: one with a slash stays one part.</summary>
    public static string Part(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }

    /// <summary>What stands at a path, whose parts are divided by slashes as in a JSON pointer; null = nothing.</summary>
    public JsonNode? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        JsonNode? at = _root;
        foreach (string part in Names(path))
        {
            at = (at as JsonObject)?[part];
        }

        return at;
    }

    /// <summary>Sets what stands at a path; null removes it.</summary>
    public void Set(string path, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(path);
        _typed = null;
        string[] parts = Names(path);
        var at = _root;
        foreach (string part in parts[..^1])
        {
            if (at[part] is not JsonObject inner)
            {
                if (value is null)
                {
                    return;
                }

                at[part] = inner = [];
            }

            at = inner;
        }

        if (value is null)
        {
            at.Remove(parts[^1]);
        }
        else
        {
            at[parts[^1]] = value;
        }
    }

    /// <summary>A text; empty = not set.</summary>
    public string Text(string path) => Find(path) switch
    {
        null => "",
        JsonValue value when value.TryGetValue(out string? text) => text,
        var other => other.ToJsonString(),
    };

    /// <summary>Sets a text; an empty one removes the field.</summary>
    public virtual void SetText(string path, string? text) => Set(path, string.IsNullOrEmpty(text) ? null : JsonValue.Create(text));

    /// <summary>Sets a number as it was typed; what is none stays a text, which a finding tells of.</summary>
    public void SetNumber(string path, string? text) => Set(
        path,
        string.IsNullOrWhiteSpace(text) ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? JsonValue.Create(whole)
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? JsonValue.Create(number)
        : JsonValue.Create(text));

    /// <summary>Whether it is set, to true.</summary>
    public bool Flag(string path) => Find(path) is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>Sets it, or removes it for false.</summary>
    public void SetFlag(string path, bool flag) => Set(path, flag ? JsonValue.Create(true) : null);

    /// <summary>Texts of a list.</summary>
    public IReadOnlyList<string> Texts(string path) =>
        Find(path) is JsonArray array ? [.. array.Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : item?.ToJsonString() ?? "null")] : [];

    /// <summary>Sets the texts of a list; none removes it.</summary>
    public void SetTexts(string path, IEnumerable<string> texts)
    {
        JsonNode[] items = [.. texts.Select(text => JsonValue.Create(text))];
        Set(path, items.Length > 0 ? new JsonArray(items) : null);
    }

    /// <summary>What is stored as JSON.</summary>
    protected static JsonObject Parse(ReadOnlySpan<byte> json) => (JsonObject)JsonNode.Parse(json)!;

    private static string[] Names(string path) =>
        [.. path.Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
}
