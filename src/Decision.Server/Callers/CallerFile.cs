using System.Collections.Frozen;
using System.Text.Json;
using Decision.Engine.Json;

namespace Decision.Server.Callers;

/// <summary>Reads the file of callers: one JSON object, name -> what the caller is known by and may ask for. Everything that is wrong is told at once.</summary>
internal sealed class CallerFile
{
    private const string TokenSha256 = "token_sha256";
    private const string CertificateNames = "certificate_names";
    private const string Organizations = "organizations";
    private const string Apis = "apis";
    private const int LongestId = 128;

    private static readonly string[] Fields = [TokenSha256, CertificateNames, Organizations, Apis];
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    private readonly List<string> _problems = [];
    private readonly Dictionary<TokenHash, Caller> _byToken = [];
    private readonly Dictionary<string, Caller> _byCertificateName = new(StringComparer.Ordinal);

    private CallerFile()
    {
    }

    /// <summary>Reads it; null, with every problem, where it cannot be used.</summary>
    public static CallerSet? Read(ReadOnlyMemory<byte> content, out IReadOnlyList<string> problems)
    {
        var file = new CallerFile();
        problems = file._problems;
        try
        {
            using var document = JsonDocument.Parse(content, Json);
            return file.Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            file._problems.Add($"is not valid JSON, line {exception.LineNumber + 1}: {exception.Message.Split(" LineNumber:")[0].TrimEnd('.')}.");
            return null;
        }
    }

    private CallerSet? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _problems.Add("must be one object, name -> caller, such as { \"edge\": { \"token_sha256\": \"...\" } }.");
            return null;
        }

        int count = 0;
        foreach (var (name, value) in root.EnumerateObject().Select(property => (property.Name, property.Value)))
        {
            count++;
            if (value.ValueKind != JsonValueKind.Object)
            {
                _problems.Add($"{name} must be an object with {TokenSha256} or {CertificateNames}.");
                continue;
            }

            ReadCaller(name, value);
        }

        // An empty file would let nobody ask; who means that stops the server.
        if (count == 0)
        {
            _problems.Add("names no caller, so that nobody could ask: add one, or leave Callers:File out to let everyone ask.");
        }

        return _problems.Count == 0 ? new CallerSet(_byToken.ToFrozenDictionary(), _byCertificateName.ToFrozenDictionary(), count) : null;
    }

    private void ReadCaller(string name, JsonElement json)
    {
        foreach (var property in json.EnumerateObject().Where(property => !Fields.Contains(property.Name, StringComparer.Ordinal)))
        {
            string fix = EditDistance.Nearest(property.Name, Fields) is { } near ? $"Did you mean {near}?" : $"There are {string.Join(", ", Fields)}.";
            _problems.Add($"{name}.{property.Name} is not known. {fix}");
        }

        var tokens = Texts(name, json, TokenSha256);
        var certificates = Texts(name, json, CertificateNames);
        var caller = new Caller(name, Scope(name, json, Organizations), Scope(name, json, Apis));
        if (tokens is null && certificates is null)
        {
            _problems.Add($"{name} has neither {TokenSha256} nor {CertificateNames}: write what it is known by.");
        }

        foreach (string token in tokens ?? [])
        {
            if (!TokenHash.TryParse(token, out var hash))
            {
                // The text itself is not told: it may be a token that was written in clear by mistake.
                _problems.Add($"{name}.{TokenSha256} is not 64 hexadecimal digits: write what `printf %s \"$TOKEN\" | sha256sum` prints.");
            }
            else if (!_byToken.TryAdd(hash, caller))
            {
                _problems.Add($"{name}.{TokenSha256} is also that of {_byToken[hash].Name}: give each caller a token of its own.");
            }
        }

        foreach (string certificate in certificates ?? [])
        {
            if (!_byCertificateName.TryAdd(certificate.ToLowerInvariant(), caller))
            {
                _problems.Add($"{name}.{CertificateNames} has '{certificate}', which {_byCertificateName[certificate.ToLowerInvariant()].Name} has too: a name is one caller's.");
            }
        }
    }

    private FrozenSet<string>? Scope(string name, JsonElement json, string field)
    {
        var ids = Texts(name, json, field);
        foreach (string id in ids ?? [])
        {
            if (id.Length > LongestId)
            {
                _problems.Add($"{name}.{field} has an id of {id.Length} characters: an id has {LongestId} at most.");
            }
        }

        return ids?.ToFrozenSet(StringComparer.Ordinal);
    }

    // A text or a list of texts; null = not there, or wrong.
    private string[]? Texts(string name, JsonElement json, string field)
    {
        if (!json.TryGetProperty(field, out var value))
        {
            return null;
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (items.Length == 0)
        {
            _problems.Add($"{name}.{field} is an empty list: name one at least, or leave the field out (which means all, for {Organizations} and {Apis}).");
            return [];
        }

        if (items.Any(item => item.ValueKind != JsonValueKind.String || item.GetString()!.Length == 0))
        {
            _problems.Add($"{name}.{field} must be a text or a list of texts, none of them empty.");
            return [];
        }

        return [.. items.Select(item => item.GetString()!)];
    }
}
