using System.Globalization;
using System.Net;

namespace Decision.Server.Configuration;

/// <summary>An address to listen on: an IP address, <c>localhost</c> or <c>*</c>, with a port.</summary>
/// <param name="Address">The address; null = <c>localhost</c>, both loopback addresses.</param>
/// <param name="Port">The port; 0 = any free one.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>What a setting may hold, for messages.</summary>
    public const string Forms = "write an IP address and a port such as 127.0.0.1:50051, localhost:50051, [::1]:50051 or *:50051, or none";

    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    public static bool TryParse(string text, out ListenAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        string host = text[..colon];
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = new ListenAddress(port == 0 ? IPAddress.Loopback : null, port);
            return true;
        }

        if (host is "*" or "+")
        {
            address = new ListenAddress(IPAddress.IPv6Any, port);
            return true;
        }

        bool isBracketed = host is ['[', .., ']'];
        if (!IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var parsed)
            || isBracketed != (parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            || (!isBracketed && parsed.ToString() != host))
        {
            return false;
        }

        address = new ListenAddress(parsed, port);
        return true;
    }

    public override string ToString() =>
        Address is null ? string.Create(CultureInfo.InvariantCulture, $"localhost:{Port}") : new IPEndPoint(Address, Port).ToString();
}
