namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>The headers of an HTTP request.</summary>
internal sealed class HttpHeaders(IHeaderDictionary headers) : IProxiedHeaders
{
    public IReadOnlyList<string> NamesThatBegin(string prefix) => [.. headers.Keys.Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];

    public int Find(string name, out string value)
    {
        var values = headers[name];
        value = values.Count > 0 ? values[0] ?? "" : "";
        return values.Count;
    }

    public IEnumerable<string> All(string name) => headers[name].Select(value => value ?? "");
}
