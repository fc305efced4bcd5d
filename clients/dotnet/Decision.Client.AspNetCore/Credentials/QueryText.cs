using Microsoft.AspNetCore.Http.Features;

namespace Decision.Client.AspNetCore.Credentials;

/// <summary>The query of a request, parameter by parameter, as it was written.</summary>
internal static class QueryText
{
    /// <summary>How often a parameter is there, and its first value, decoded once.</summary>
    public static int Find(string? query, string name, out string value)
    {
        value = "";
        int count = 0;
        foreach (string pair in Pairs(query))
        {
            if (IsNamed(pair, name, out string found) && count++ == 0)
            {
                value = found;
            }
        }

        return count;
    }

    /// <summary>Takes a parameter out, from the query and from the raw target; what else is there stays as it was written.</summary>
    public static void Remove(HttpRequest request, string name)
    {
        string kept = string.Join('&', Pairs(request.QueryString.Value).Where(pair => !IsNamed(pair, name, out _)));
        request.QueryString = kept.Length == 0 ? QueryString.Empty : new QueryString("?" + kept);
        if (request.HttpContext.Features.Get<IHttpRequestFeature>() is { RawTarget: { Length: > 0 } target } feature)
        {
            int start = target.IndexOf('?', StringComparison.Ordinal);
            feature.RawTarget = start < 0 ? target : target[..start] + request.QueryString.Value;
        }
    }

    private static string[] Pairs(string? query) => string.IsNullOrEmpty(query) ? [] : query.TrimStart('?').Split('&');

    private static bool IsNamed(string pair, string name, out string value)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        bool isNamed = Decoded(equals < 0 ? pair : pair[..equals]) == name;
        value = isNamed && equals >= 0 ? Decoded(pair[(equals + 1)..]) : "";
        return isNamed;
    }

    // What is no escape stays as it is, and so is part of no key.
    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
