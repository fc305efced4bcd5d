using System.Globalization;
using System.Net;

namespace Decision.Engine.Addresses;

/// <summary>A set of client addresses: single IPv4 and IPv6 addresses and CIDR blocks.</summary>
/// <remarks>An IPv4-mapped IPv6 address is the IPv4 address. IPv4 clients are in IPv4 entries only: <c>::/0</c> is every IPv6 address and no IPv4
/// address. Nothing is allocated by a test, and its cost grows with the logarithm of the list.</remarks>
public sealed class AddressList
{
    /// <summary>A list without entries.</summary>
    public static readonly AddressList None = new([], [], isEmpty: true);

    private readonly AddressRange[] _ipv4;
    private readonly AddressRange[] _ipv6;

    private AddressList(List<AddressRange> ipv4, List<AddressRange> ipv6, bool isEmpty)
    {
        _ipv4 = AddressRange.Merge(ipv4);
        _ipv6 = AddressRange.Merge(ipv6);
        IsEmpty = isEmpty;
    }

    /// <summary>Whether the list had no entries. A list of invalid entries is not empty: it contains no address.</summary>
    public bool IsEmpty { get; }

    /// <summary>Reads a list.</summary>
    /// <param name="entries">Addresses such as <c>192.0.2.1</c> and <c>2001:db8::1</c>, and blocks such as <c>10.0.0.0/8</c>.</param>
    /// <param name="problems">Every entry that is not one of these, or is a block whose address has bits behind its prefix; such an entry contains nothing.</param>
    public static AddressList Parse(IReadOnlyList<string> entries, out IReadOnlyList<AddressProblem> problems)
    {
        var found = new List<AddressProblem>();
        var ipv4 = new List<AddressRange>();
        var ipv6 = new List<AddressRange>();
        for (var i = 0; i < entries.Count; i++)
        {
            if (ParseEntry(entries[i], out var range) is { } problem)
            {
                found.Add(new AddressProblem(i, problem));
                continue;
            }

            (AddressText.IsIPv4(range.First) && AddressText.IsIPv4(range.Last) ? ipv4 : ipv6).Add(range);
        }

        problems = found;
        return entries.Count == 0 ? None : new AddressList(ipv4, ipv6, isEmpty: false);
    }

    /// <summary>Whether a client's address is in the list.</summary>
    /// <param name="clientIp">The address without port, brackets and zone; anything else, also an empty text, is not contained.</param>
    public bool Contains(ReadOnlySpan<char> clientIp) =>
        AddressText.TryParse(clientIp, out var address, out _)
        && AddressRange.Contains(AddressText.IsIPv4(address) ? _ipv4 : _ipv6, address);

    private static string? ParseEntry(string entry, out AddressRange range)
    {
        range = default;
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        var text = slash < 0 ? entry : entry[..slash];
        if (!AddressText.TryParse(text, out var address, out var isIPv4Text))
        {
            return $"'{entry}' is not an IP address or block; write an address such as 192.0.2.1 or 2001:db8::1, or a block such as 10.0.0.0/8.";
        }

        range = new AddressRange(address, address);
        if (slash < 0)
        {
            return null;
        }

        var width = isIPv4Text ? 32 : 128;
        if (entry.Length - slash - 1 > 3
            || !int.TryParse(entry.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > width)
        {
            return $"'{entry}' has no valid prefix length behind '/'; write a number from 0 to {width}.";
        }

        var host = width - prefix == 128 ? UInt128.MaxValue : (UInt128.One << (width - prefix)) - 1;
        if ((address & host) != 0)
        {
            return $"'{entry}' has bits set behind its prefix; write {Format(address & ~host, isIPv4Text)}/{prefix} for the block, or {text} for the one address.";
        }

        range = new AddressRange(address, address | host);
        return null;
    }

    private static string Format(UInt128 address, bool isIPv4)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 15; i >= 0; i--)
        {
            bytes[i] = (byte)address;
            address >>= 8;
        }

        return new IPAddress(isIPv4 ? bytes[12..] : bytes).ToString();
    }
}
