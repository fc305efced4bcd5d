using System.Globalization;

namespace Decision.Engine.Addresses;

/// <summary>Reads IP addresses without allocating, in their strict spellings only.</summary>
/// <remarks>An IPv4 address is the number of the IPv6 address that maps it (<c>::ffff:a.b.c.d</c>), so that both spellings are one address. Octets
/// with leading zeros, shortened IPv4 addresses, zones, brackets and ports are not read: other readers take them for other addresses.</remarks>
internal static class AddressText
{
    /// <summary>The number of <c>::ffff:0.0.0.0</c>.</summary>
    public static readonly UInt128 FirstIPv4 = new(0, 0x0000_FFFF_0000_0000);

    /// <summary>The number of <c>::ffff:255.255.255.255</c>.</summary>
    public static readonly UInt128 LastIPv4 = new(0, 0x0000_FFFF_FFFF_FFFF);

    public static bool IsIPv4(UInt128 address) => address >= FirstIPv4 && address <= LastIPv4;

    /// <param name="text">The address.</param>
    /// <param name="address">Its number.</param>
    /// <param name="isIPv4Text">Whether it is written as an IPv4 address.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 address, out bool isIPv4Text)
    {
        isIPv4Text = TryParseIPv4(text, out var number);
        address = FirstIPv4 | number;
        return isIPv4Text || TryParseIPv6(text, out address);
    }

    /// <summary>Whether all characters are decimal digits. A plain loop: texts are short, and vectorised searches allocate until they are compiled fully.</summary>
    public static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out uint number)
    {
        number = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            var dot = octet < 3 ? text.IndexOf('.') : text.Length;
            if (dot is < 1 or > 3
                || !IsDigits(text[..dot])
                || (dot > 1 && text[0] == '0')
                || !byte.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            number = (number << 8) | value;
            text = octet < 3 ? text[(dot + 1)..] : text;
        }

        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[8];
        var count = 0;
        var gap = -1;
        var rest = text;
        if (rest.StartsWith("::"))
        {
            gap = 0;
            rest = rest[2..];
        }

        // A rest that is empty here ends with '::', or is no address at all.
        while (!rest.IsEmpty)
        {
            var colon = rest.IndexOf(':');
            var group = colon < 0 ? rest : rest[..colon];
            if (colon < 0 && count <= 6 && TryParseIPv4(group, out var embedded))
            {
                groups[count++] = (ushort)(embedded >> 16);
                groups[count++] = (ushort)embedded;
                break;
            }

            if (count == 8 || group.Length > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count]))
            {
                return false;
            }

            count++;
            if (colon < 0)
            {
                break;
            }

            rest = rest[(colon + 1)..];
            if (rest.StartsWith(':'))
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                rest = rest[1..];
            }
            else if (rest.IsEmpty)
            {
                return false;
            }
        }

        if (gap < 0 ? count != 8 : count > 7)
        {
            return false;
        }

        var zeros = 8 - count;
        for (var i = 0; i < 8; i++)
        {
            var isZero = gap >= 0 && i >= gap && i < gap + zeros;
            address = (address << 16) | (isZero ? 0u : groups[gap >= 0 && i >= gap ? i - zeros : i]);
        }

        return true;
    }
}
