using System.Net.Sockets;

namespace Decision.Client.Options;

/// <summary>One address of the service.</summary>
/// <param name="Uri">What the HTTP requests are for.</param>
/// <param name="SocketPath">The Unix socket to connect to; null = host and port of <paramref name="Uri"/>.</param>
internal sealed record ServiceAddress(Uri Uri, string? SocketPath)
{
    /// <summary>What a setting may hold, for messages.</summary>
    public const string Forms = "write http://host:port, https://host:port or unix:/path/of/the.sock; several separated by commas";

    public const int MaximumCount = 32;

    // Longer names of sockets do not fit into the kernel's structure.
    private const int LongestSocketPath = 107;

    public bool IsTls => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>Whether keys cross a network in clear.</summary>
    public bool IsCleartext => SocketPath is null && !IsTls && !Uri.IsLoopback;

    /// <summary>Reads all addresses of a setting; null = <paramref name="problem"/> says which one is wrong.</summary>
    public static IReadOnlyList<ServiceAddress>? Parse(string? text, out string problem)
    {
        var addresses = new List<ServiceAddress>();
        problem = "";
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (One(part) is not { } address)
            {
                problem = $"has '{part}': {Forms}.";
                return null;
            }

            if (addresses.Contains(address))
            {
                problem = $"has '{part}' twice: write each address once.";
                return null;
            }

            addresses.Add(address);
        }

        if (addresses.Count is 0 or > MaximumCount)
        {
            problem = addresses.Count == 0 ? $"is empty: {Forms}." : $"has {addresses.Count} addresses: write {MaximumCount} at most.";
            return null;
        }

        return addresses;
    }

    public override string ToString() => SocketPath is null ? Uri.GetLeftPart(UriPartial.Authority) : "unix:" + SocketPath;

    private static ServiceAddress? One(string text)
    {
        if (text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            string path = text["unix:".Length..];
            path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
            return path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && path.Length is > 1 and <= LongestSocketPath
                && Socket.OSSupportsUnixDomainSockets
                ? new ServiceAddress(new Uri("http://localhost"), path)
                : null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri is { Host.Length: > 0, UserInfo.Length: 0, PathAndQuery: "/", Fragment.Length: 0 }
            ? new ServiceAddress(uri, null)
            : null;
    }
}
