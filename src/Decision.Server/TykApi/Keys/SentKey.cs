using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi.Keys;

/// <summary>A session object that a caller sent.</summary>
/// <param name="Key">What it says; its values are not checked yet.</param>
/// <param name="SaysExpires">Whether it has a field <c>expires</c>.</param>
/// <param name="Findings">What was noticed while reading, such as a deprecated field.</param>
internal sealed record SentKey(Key Key, bool SaysExpires, FindingList Findings)
{
    /// <summary>Reads the request's body.</summary>
    /// <exception cref="MalformedBodyException">It is no JSON object, or a field has a wrong type.</exception>
    public static async Task<SentKey> ReadAsync(TykRequest request)
    {
        using var json = await request.ReadJsonAsync();
        var findings = new FindingList();
        if (KeyJson.Read(json.RootElement, findings) is { } key)
        {
            return new SentKey(key, SaysExpiresIn(json.RootElement), findings);
        }

        // Once more, so that wrong values are told together with wrong types.
        var all = new FindingList();
        KeyJson.ReadChecked(json.RootElement, all);
        throw new MalformedBodyException(all);
    }

    private static bool SaysExpiresIn(JsonElement json) => json.EnumerateObject().Any(
        field => string.Equals(field.Name, "expires", StringComparison.OrdinalIgnoreCase) && field.Value.ValueKind != JsonValueKind.Null);
}
