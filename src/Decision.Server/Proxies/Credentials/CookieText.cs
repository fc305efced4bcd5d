namespace Decision.Server.Proxies.Credentials;

/// <summary>Reads a <c>Cookie</c> header. Names are compared as they are written, values taken as they are, as RFC 6265 has it.</summary>
internal static class CookieText
{
    /// <summary>How often a cookie is there, and its first value without the quotes around it.</summary>
    public static int Find(string cookies, string name, out string value)
    {
        value = "";
        int count = 0;
        foreach (var range in cookies.AsSpan().Split(';'))
        {
            if (IsNamed(cookies.AsSpan(range), name, out var found) && count++ == 0)
            {
                value = found.Length >= 2 && found[0] == '"' && found[^1] == '"' ? found[1..^1].ToString() : found.ToString();
            }
        }

        return count;
    }

    /// <summary>The header without a cookie; empty = there was no other.</summary>
    public static string Without(string cookies, string name)
    {
        var kept = new List<string>();
        foreach (string cookie in cookies.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsNamed(cookie, name, out _))
            {
                kept.Add(cookie);
            }
        }

        return string.Join("; ", kept);
    }

    private static bool IsNamed(ReadOnlySpan<char> cookie, string name, out ReadOnlySpan<char> value)
    {
        int equals = cookie.IndexOf('=');
        value = equals < 0 ? default : cookie[(equals + 1)..].Trim(" \t");
        return equals >= 0 && cookie[..equals].Trim(" \t").SequenceEqual(name);
    }
}
