using Decision.Client.AspNetCore.Options;

namespace Decision.Client.AspNetCore.Credentials;

/// <summary>
/// Takes the key out of a request: from a header, else from the query, else from a cookie. A place that holds two keys is refused: what is
/// behind could go by the other one.
/// </summary>
internal sealed class KeyFinder(DecisionMiddlewareOptions options)
{
    private readonly string[] _headers = MiddlewareOptionsRules.HeaderNames(options.KeyHeader);
    private readonly string? _parameter = options.KeyQueryParameter;
    private readonly string? _cookie = options.KeyCookie;

    /// <summary>Finds the key; answers why it cannot be told which one is meant, null = it can.</summary>
    public string? Find(HttpRequest request, out FoundKey key)
    {
        key = FoundKey.None;
        foreach (string name in _headers)
        {
            var values = request.Headers[name];
            if (values.Count > 1)
            {
                return $"{name} was sent {values.Count} times: send the key once.";
            }

            if (values is [{ Length: > 0 } value])
            {
                key = new FoundKey(value, KeyPlace.Header, name);
                return null;
            }
        }

        return (_parameter is null ? null : FindInQuery(request, _parameter, out key))
            ?? (_cookie is null || key.Place != KeyPlace.None ? null : FindInCookie(request, _cookie, out key));
    }

    /// <summary>Takes the key out of the request.</summary>
    public static void Remove(HttpRequest request, in FoundKey key)
    {
        switch (key.Place)
        {
            case KeyPlace.Header:
                request.Headers.Remove(key.Name);
                break;
            case KeyPlace.QueryParameter:
                QueryText.Remove(request, key.Name);
                break;
            case KeyPlace.Cookie:
                CookieText.Remove(request.Headers, key.Name);
                break;
        }
    }

    private static string? FindInQuery(HttpRequest request, string name, out FoundKey key)
    {
        int count = QueryText.Find(request.QueryString.Value, name, out string value);
        key = value.Length > 0 ? new FoundKey(value, KeyPlace.QueryParameter, name) : FoundKey.None;
        return count > 1 ? $"The query parameter {name} was sent {count} times: send the key once." : null;
    }

    private static string? FindInCookie(HttpRequest request, string name, out FoundKey key)
    {
        int count = CookieText.Find(request.Headers.Cookie, name, out string value);
        key = value.Length > 0 ? new FoundKey(value, KeyPlace.Cookie, name) : FoundKey.None;
        return count > 1 ? $"The cookie {name} was sent {count} times: send the key once." : null;
    }
}
