using Decision.Server.Proxies.Headers;

namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>Writes headers into an HTTP response.</summary>
internal readonly struct ResponseHeaderSink(IHeaderDictionary headers) : IHeaderSink
{
    public void Add(string name, string value) => headers[name] = value;
}
