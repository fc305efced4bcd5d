namespace Decision.Server.Proxies;

/// <summary>The client's address in a header that proxies append to.</summary>
internal static class ClientAddress
{
    /// <summary>The last entry of the last value, without a port; empty = there is none.</summary>
    public static string LastOf(IEnumerable<string> values)
    {
        string last = "";
        foreach (string value in values)
        {
            last = value;
        }

        int comma = last.LastIndexOf(',');
        string entry = (comma < 0 ? last : last[(comma + 1)..]).Trim();
        return WithoutPort(entry);
    }

    private static string WithoutPort(string entry)
    {
        if (entry.StartsWith('['))
        {
            int end = entry.IndexOf(']', StringComparison.Ordinal);
            return end > 0 ? entry[1..end] : entry;
        }

        int colon = entry.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && entry.IndexOf(':', colon + 1) < 0 ? entry[..colon] : entry;
    }
}
