using System.Text.Json;

namespace Decision.Cli.Import.Reading;

/// <summary>Reads Tyk's settings in OpenAPI documents.</summary>
internal static class OasDefinition
{
    /// <summary>Reads a definition.</summary>
    public static TykDefinition Read(JsonElement document)
    {
        var json = document.GetProperty(TykOas.Extension);
        var schemes = json.At("server", "authentication", "securitySchemes") is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(static scheme => scheme.Value).ToList()
            : [];
        var token = schemes.Find(static scheme => scheme.At("header") is not null || scheme.At("query") is not null || scheme.At("cookie") is not null);
        bool hasToken = token.ValueKind == JsonValueKind.Object;
        bool isLimited = json.FlagAt("middleware", "global", "rateLimit", "enabled");
        return new TykDefinition
        {
            ApiId = json.TextAt("info", "id"),
            Name = json.TextAt("info", "name"),
            OrganizationId = json.TextAt("info", "orgId"),
            IsActive = json.At("info", "state", "active") is not { ValueKind: JsonValueKind.False },
            ListenPath = json.TextAt("server", "listenPath", "value"),
            Hosts = json.FlagAt("server", "customDomain", "enabled") && json.TextAt("server", "customDomain", "name") is { Length: > 0 } domain ? [domain] : [],
            Header = hasToken && token.FlagAt("header", "enabled") ? Name(token, "header") : "",
            QueryParameter = hasToken && token.FlagAt("query", "enabled") ? Name(token, "query") : "",
            Cookie = hasToken && token.FlagAt("cookie", "enabled") ? Name(token, "cookie") : "",
            NotCarried = [.. NotCarriedOf(json, isLimited)],
        };
    }

    private static string Name(JsonElement token, string place) =>
        token.TextAt(place, "name") is { Length: > 0 } name ? name : "Authorization";

    private static IEnumerable<NotCarried> NotCarriedOf(JsonElement json, bool isLimited)
    {
        yield return new NotCarried(EffectKind.Cosmetic, "is an OpenAPI document: id, name, organisation, listen path, domain and the place of the key are carried; its middleware stays in the proxy.");
        if (json.FlagAt("info", "versioning", "enabled"))
        {
            yield return new NotCarried(EffectKind.Narrows, "has versions of its own (info.versioning): register each version's API, or write versions into its record.");
        }

        if (isLimited)
        {
            yield return new NotCarried(EffectKind.WidensLimit, "has a rate over all keys (middleware.global.rateLimit): write it into its record as rate and per.");
        }

        if (!json.FlagAt("server", "authentication", "enabled"))
        {
            yield return new NotCarried(EffectKind.Narrows, "needs no key at Tyk; here its requests need one, or its paths a place in public.");
        }
    }
}
