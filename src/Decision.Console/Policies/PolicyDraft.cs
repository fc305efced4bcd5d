using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decision.Console.Policies;

/// <summary>
/// A policy while somebody writes it: its JSON, which the form's fields are parts of. So nothing is lost that the form has no field for, and
/// what is half typed may be wrong.
/// </summary>
public sealed class PolicyDraft
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonObject _root;

    // As it was typed, until a field of the form changes something: nobody's text is set right under their hands.
    private string? _typed;

    private PolicyDraft(JsonObject root) => _root = root;

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
                if (JsonNode.Parse(value) is JsonObject read)
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

    /// <summary>One that says nothing yet.</summary>
    public static PolicyDraft Empty() => new(new JsonObject
    {
        ["id"] = "",
        ["name"] = "",
        ["org_id"] = "",
        ["rate"] = 0,
        ["per"] = 1,
        ["quota_max"] = 0,
        ["quota_renewal_rate"] = 0,
        ["access_rights"] = new JsonObject(),
    });

    /// <summary>A stored policy.</summary>
    public static PolicyDraft Of(ReadOnlySpan<byte> json) => new((JsonObject)JsonNode.Parse(json)!);

    /// <summary>A text; empty = not set.</summary>
    public string Text(string path) => Find(path) switch
    {
        null => "",
        JsonValue value when value.TryGetValue(out string? text) => text,
        var other => other.ToJsonString(),
    };

    /// <summary>Sets a text; an empty one removes the field, but for those that every policy has.</summary>
    public void SetText(string path, string? text) => Set(path, text is { Length: > 0 } || path is "id" or "name" or "org_id" ? JsonValue.Create(text ?? "") : null);

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

    /// <summary>The APIs that it reaches.</summary>
    public IReadOnlyList<string> ApiIds => _root["access_rights"] is JsonObject rights ? [.. rights.Select(right => right.Key)] : [];

    /// <summary>Adds an API, with every version and path.</summary>
    public void AddApi(string apiId)
    {
        _typed = null;
        if (_root["access_rights"] is not JsonObject rights)
        {
            _root["access_rights"] = rights = [];
        }

        if (!rights.ContainsKey(apiId))
        {
            rights[apiId] = new JsonObject { ["api_id"] = apiId };
        }
    }

    /// <summary>Removes an API.</summary>
    public void RemoveApi(string apiId)
    {
        _typed = null;
        (_root["access_rights"] as JsonObject)?.Remove(apiId);
    }

    /// <summary>Paths and methods of an API, a line each: <c>GET,POST /path</c>.</summary>
    public string Urls(string apiId) => Right(apiId)?["allowed_urls"] is not JsonArray urls ? ""
        : string.Join('\n', urls.OfType<JsonObject>().Select(url =>
            $"{string.Join(',', (url["methods"] as JsonArray ?? []).Select(method => method?.ToString()))} {url["url"]}".Trim()));

    /// <summary>Sets them.</summary>
    public void SetUrls(string apiId, string? lines)
    {
        _typed = null;
        if (Right(apiId) is not { } right)
        {
            return;
        }

        var before = (right["allowed_urls"] as JsonArray ?? []).OfType<JsonObject>().ToLookup(url => url["url"]?.ToString());
        var urls = new JsonArray();
        foreach (string line in (lines ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            string path = blank < 0 ? line : line[(blank + 1)..].Trim();
            string[] methods = blank < 0 ? [] : line[..blank].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

            // What else stands beside a path stays.
            var url = before[path].FirstOrDefault()?.DeepClone() as JsonObject ?? [];
            url["url"] = path;
            url["methods"] = new JsonArray([.. methods.Select(method => JsonValue.Create(method.ToUpperInvariant()))]);
            urls.Add((JsonNode)url);
        }

        if (urls.Count == 0)
        {
            right.Remove("allowed_urls");
        }
        else
        {
            right["allowed_urls"] = urls;
        }
    }

    private JsonObject? Right(string apiId) => (_root["access_rights"] as JsonObject)?[apiId] as JsonObject;

    // A path's parts are divided by slashes, since an API's id may have dots.
    private JsonNode? Find(string path)
    {
        JsonNode? at = _root;
        foreach (string part in path.Split('/'))
        {
            at = (at as JsonObject)?[part];
        }

        return at;
    }

    private void Set(string path, JsonNode? value)
    {
        _typed = null;
        string[] parts = path.Split('/');
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
}
