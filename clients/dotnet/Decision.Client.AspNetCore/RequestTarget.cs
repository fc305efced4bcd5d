using Microsoft.AspNetCore.Http.Features;

namespace Decision.Client.AspNetCore;

/// <summary>The path as the client sent it: what a server decodes or tidies up could be read differently by the next one.</summary>
internal static class RequestTarget
{
    /// <summary>Path and query, escapes and all.</summary>
    public static string Of(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (target.Length == 0)
        {
            // A server that does not tell it.
            return context.Request.PathBase.ToUriComponent() + context.Request.Path.ToUriComponent() + context.Request.QueryString.Value;
        }

        if (target[0] == '/' || !target.Contains("://", StringComparison.Ordinal))
        {
            return target;
        }

        // The form for proxies: scheme and authority come first.
        int path = target.IndexOfAny(['/', '?'], target.IndexOf("://", StringComparison.Ordinal) + 3);
        return path < 0 ? "/" : target[path] == '?' ? "/" + target[path..] : target[path..];
    }

    /// <summary>The path alone.</summary>
    public static string WithoutQuery(string target)
    {
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
