namespace Decision.Server.Proxies.Credentials;

/// <summary>Reads the query of a request target.</summary>
internal static class QueryText
{
    /// <summary>How often a parameter is there, and its first value, decoded once.</summary>
    public static int Find(string target, string name, out string value)
    {
        value = "";
        int count = 0;
        int start = target.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        foreach (var range in target.AsSpan(start + 1).Split('&'))
        {
            var pair = target.AsSpan(start + 1)[range];
            int equals = pair.IndexOf('=');
            var written = equals < 0 ? pair : pair[..equals];
            if (Decoded(written) == name && count++ == 0 && equals >= 0)
            {
                value = Decoded(pair[(equals + 1)..]);
            }
        }

        return count;
    }

    // What is no escape stays as it is, and so is part of no key.
    private static string Decoded(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
}
