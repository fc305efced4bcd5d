using Microsoft.Extensions.Primitives;

namespace Decision.Client.AspNetCore.Credentials;

/// <summary>Cookies, one by one, as they were written; names are compared exactly (RFC 6265).</summary>
internal static class CookieText
{
    /// <summary>How often a cookie is there, and its first value without the quotes around it.</summary>
    public static int Find(StringValues headers, string name, out string value)
    {
        value = "";
        int count = 0;
        foreach (string cookie in Cookies(headers))
        {
            if (IsNamed(cookie, name, out string found) && count++ == 0)
            {
                value = found is ['"', .., '"'] and { Length: >= 2 } ? found[1..^1] : found;
            }
        }

        return count;
    }

    /// <summary>Takes a cookie out; the others stay.</summary>
    public static void Remove(IHeaderDictionary headers, string name)
    {
        string kept = string.Join("; ", Cookies(headers.Cookie).Where(cookie => !IsNamed(cookie, name, out _)));
        headers.Cookie = kept.Length == 0 ? StringValues.Empty : kept;
    }

    private static IEnumerable<string> Cookies(StringValues headers) =>
        headers.SelectMany(header => (header ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool IsNamed(string cookie, string name, out string value)
    {
        int equals = cookie.IndexOf('=', StringComparison.Ordinal);
        value = equals < 0 ? "" : cookie[(equals + 1)..].Trim();
        return equals >= 0 && cookie.AsSpan(0, equals).Trim().SequenceEqual(name);
    }
}
