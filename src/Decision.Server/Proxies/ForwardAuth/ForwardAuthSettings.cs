using Decision.Engine.Addresses;

namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>Who may ask by forward auth, and how it tells the client's request.</summary>
/// <param name="TrustedNetworks">Addresses of the proxies.</param>
/// <param name="Headers">Which headers tell the request.</param>
internal sealed record ForwardAuthSettings(AddressList TrustedNetworks, ForwardedHeaders Headers)
{
    public static IReadOnlyList<string> Loopback { get; } = ["127.0.0.0/8", "::1"];

    /// <summary>Proxies of this machine, whichever headers they send.</summary>
    public static ForwardAuthSettings Default { get; } = new(AddressList.Parse(Loopback, out _), ForwardedHeaders.Auto);
}
