using Decision.Engine.Apis;
using Decision.Engine.Signatures;

namespace Decision.Server.Proxies.Credentials;

/// <summary>
/// Takes the key out of a request: where the API's record says, else from <c>X-Api-Key</c>, else from <c>Authorization</c>. A place that
/// holds two keys is refused: the upstream could go by the other one.
/// </summary>
internal static class KeyFinder
{
    private const string ApiKeyHeader = "x-api-key";
    private const string AuthorizationHeader = "authorization";

    /// <summary>Finds the key.</summary>
    /// <param name="auth">Where the API's record says that it is; null or empty = the usual places.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">The key; <see cref="FoundKey.None"/> = there is none.</param>
    /// <returns>Why it cannot be told which key is meant; null = it can.</returns>
    public static string? Problem(ApiCredentialSource? auth, in ProxiedRequest request, out FoundKey key)
    {
        if (auth is null || (auth.Header.Length == 0 && auth.QueryParameter.Length == 0 && auth.Cookie.Length == 0))
        {
            return ProblemOfHeader(ApiKeyHeader, in request, out key)
                ?? (key.Place == KeyPlace.None ? ProblemOfHeader(AuthorizationHeader, in request, out key) : null);
        }

        string? problem = ProblemOfHeader(auth.Header, in request, out key);
        if (problem is null && key.Place == KeyPlace.None && auth.QueryParameter.Length > 0)
        {
            problem = ProblemOfQuery(auth.QueryParameter, request.Path, out key);
        }

        if (problem is null && key.Place == KeyPlace.None && auth.Cookie.Length > 0)
        {
            problem = ProblemOfCookie(auth.Cookie, in request, out key);
        }

        // A signature names its key and has one place wherever else keys are.
        if (problem is null && key.Place == KeyPlace.None)
        {
            problem = ProblemOfHeader(AuthorizationHeader, in request, out var signed);
            key = problem is null && HttpSignature.HasScheme(signed.Text) ? signed : FoundKey.None;
        }

        return problem;
    }

    private static string? ProblemOfHeader(string name, in ProxiedRequest request, out FoundKey key)
    {
        key = FoundKey.None;
        if (name.Length == 0)
        {
            return null;
        }

        int count = request.Headers.Find(name, out string value);
        if (count > 1)
        {
            return $"{name} was sent {count} times: send the key once.";
        }

        if (value.Length > 0)
        {
            key = new FoundKey(value, KeyPlace.Header, name);
        }

        return null;
    }

    private static string? ProblemOfQuery(string name, string path, out FoundKey key)
    {
        key = FoundKey.None;
        int count = QueryText.Find(path, name, out string value);
        if (count > 1)
        {
            return $"The query parameter {name} was sent {count} times: send the key once.";
        }

        if (value.Length > 0)
        {
            key = new FoundKey(value, KeyPlace.QueryParameter, name);
        }

        return null;
    }

    private static string? ProblemOfCookie(string name, in ProxiedRequest request, out FoundKey key)
    {
        key = FoundKey.None;
        int count = 0;
        foreach (string cookies in request.Headers.All("cookie"))
        {
            count += CookieText.Find(cookies, name, out string value);
            if (value.Length > 0)
            {
                key = new FoundKey(value, KeyPlace.Cookie, name);
            }
        }

        return count > 1 ? $"The cookie {name} was sent {count} times: send the key once." : null;
    }
}
