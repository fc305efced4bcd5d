namespace Decision.Server.Proxies;

/// <summary>The headers of a request as the proxy handed them over. Names are compared in any case.</summary>
internal interface IProxiedHeaders
{
    /// <summary>How often the header was sent, and its value where that is once.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value; empty where the header is not there, the first one where it is there more than once.</param>
    int Find(string name, out string value);

    /// <summary>Every value of a header, in order.</summary>
    IEnumerable<string> All(string name);

    /// <summary>The names that begin so, in order; one that was sent twice may come twice.</summary>
    IReadOnlyList<string> NamesThatBegin(string prefix);
}
