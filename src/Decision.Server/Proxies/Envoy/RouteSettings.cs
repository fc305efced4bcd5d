using System.Globalization;

namespace Decision.Server.Proxies.Envoy;

/// <summary>What a route's <c>context_extensions</c> say. Names that are not read here are left to others.</summary>
internal readonly record struct RouteSettings
{
    public string ApiId { get; private init; }

    public string ApiVersion { get; private init; }

    public string OrganizationId { get; private init; }

    public long Cost { get; private init; }

    /// <summary><c>charge: none</c>: for routes whose limits the rate limit service spends.</summary>
    public bool IsAccessOnly { get; private init; }

    public bool RemovesCredential { get; private init; }

    /// <summary>Header with the client's address, set by Envoy or a proxy before it; empty = the connection's.</summary>
    public string ClientIpHeader { get; private init; }

    /// <summary>Reads them; answers what is wrong, null = nothing.</summary>
    public static string? Read(Dictionary<string, string> extensions, out RouteSettings settings)
    {
        settings = new RouteSettings
        {
            ApiId = Text(extensions, "api_id"),
            ApiVersion = Text(extensions, "api_version"),
            OrganizationId = Text(extensions, "organization_id"),
            ClientIpHeader = Text(extensions, "client_ip_header"),
        };
        string cost = Text(extensions, "cost");
        long units = 0;
        if (cost.Length > 0 && !(long.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out units)))
        {
            return $"context_extensions.cost is '{cost}': write a whole number from 0 (which counts 1).";
        }

        string charge = Text(extensions, "charge");
        if (charge is not ("" or "all" or "none"))
        {
            return $"context_extensions.charge is '{charge}': write all (default), or none to look at the key and its rights alone.";
        }

        string remove = Text(extensions, "remove_credential");
        if (remove is not ("" or "true" or "false"))
        {
            return $"context_extensions.remove_credential is '{remove}': write true or false.";
        }

        settings = settings with { Cost = units, IsAccessOnly = charge == "none", RemovesCredential = remove == "true" };
        return null;
    }

    private static string Text(Dictionary<string, string> extensions, string name) => extensions.TryGetValue(name, out string? text) ? text : "";
}
