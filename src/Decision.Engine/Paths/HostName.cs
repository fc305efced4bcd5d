using Decision.Engine.Addresses;

namespace Decision.Engine.Paths;

/// <summary>The host of a Host header or of an API, without port and without the last dot.</summary>
internal readonly ref struct HostName
{
    private HostName(ReadOnlySpan<char> name, UInt128 address, bool isIPv6)
    {
        Name = name;
        Address = address;
        IsIPv6 = isIPv6;
    }

    /// <summary>The name, in the case it was given in; empty for an IPv6 address.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>The IPv6 address, whose spellings are many, where <see cref="IsIPv6"/>.</summary>
    public UInt128 Address { get; }

    public bool IsIPv6 { get; }

    /// <summary>Takes the port and the last dot away. What is no host at all is left as it is, and so equals no host of an API.</summary>
    public static HostName Of(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']');
            return end > 0 && IsPort(text[(end + 1)..]) && AddressText.TryParse(text[1..end], out var inner, out var isIPv4) && !isIPv4
                ? new HostName([], inner, isIPv6: true)
                : new HostName(text, default, isIPv6: false);
        }

        var colon = text.IndexOf(':');
        if (colon >= 0 && text[(colon + 1)..].Contains(':'))
        {
            return AddressText.TryParse(text, out var bare, out _) ? new HostName([], bare, isIPv6: true) : new HostName(text, default, isIPv6: false);
        }

        if (colon >= 0 && IsPort(text[colon..]))
        {
            text = text[..colon];
        }

        return new HostName(text.EndsWith('.') ? text[..^1] : text, default, isIPv6: false);
    }

    /// <summary>What is wrong with the host of an API, or null.</summary>
    public static string? ProblemOf(string text)
    {
        var host = Of(text);
        if (host.IsIPv6)
        {
            return null;
        }

        if (host.Name.IsEmpty)
        {
            return "the host is empty; remove it to listen on any host.";
        }

        if (host.Name is "*")
        {
            return "the host '*' is not a name; leave hosts empty to listen on any host.";
        }

        if (text.Contains('*', StringComparison.Ordinal))
        {
            return "a host is compared as a whole and cannot contain '*'; list every host.";
        }

        if (text.Any(character => character >= 0x80))
        {
            return "the host has non-ASCII characters; write the form that browsers send, which begins with 'xn--'.";
        }

        foreach (var character in host.Name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))
            {
                return "the host is not a host name; write it without scheme, user and path, such as 'api.example.com' or '[::1]'.";
            }
        }

        return host.Name.Length > 253 ? "the host is longer than 253 characters; shorten it." : null;
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text.IsEmpty || (text[0] == ':' && AddressText.IsDigits(text[1..]));
}
