using System.Globalization;

namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>
/// What the proxy's configuration says in the query of the address that it asks. Some proxies put the client's own query there where the
/// address has none: so there is nothing here that a client could gain by, and what is not known is refused.
/// </summary>
internal readonly record struct RouteParameters
{
    private const int LowestDenial = 400;
    private const int HighestDenial = 599;

    /// <summary>The one status of every denial; 0 = the verdict's own.</summary>
    public int DenyStatus { get; private init; }

    public long Cost { get; private init; }

    /// <summary>Reads them; answers what is wrong, null = nothing. <see cref="DenyStatus"/> is read whatever else is wrong.</summary>
    public static string? Read(IQueryCollection query, out RouteParameters parameters)
    {
        parameters = default;
        string? problem = null;
        foreach (var (name, values) in query)
        {
            string value = values.Count > 0 ? values[0] ?? "" : "";
            string? found = values.Count > 1 ? $"The query parameter {name} is there {values.Count} times: write it once." : name switch
            {
                "deny_status" => ReadDenyStatus(value, ref parameters),
                "cost" => ReadCost(value, ref parameters),
                _ => $"The query parameter {name} is not known: there are deny_status and cost. If it is the client's, the proxy hands the client's "
                    + "query on: give the address a query of its own, or end it with '?' (Caddy).",
            };
            problem ??= found;
        }

        return problem;
    }

    private static string? ReadDenyStatus(string value, ref RouteParameters parameters)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int status) || status is < LowestDenial or > HighestDenial)
        {
            return $"deny_status is '{value}': write an HTTP status from {LowestDenial} to {HighestDenial}; nginx takes 401 and 403.";
        }

        parameters = parameters with { DenyStatus = status };
        return null;
    }

    private static string? ReadCost(string value, ref RouteParameters parameters)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long cost))
        {
            return $"cost is '{value}': write a whole number from 0 (which counts 1).";
        }

        parameters = parameters with { Cost = cost };
        return null;
    }
}
