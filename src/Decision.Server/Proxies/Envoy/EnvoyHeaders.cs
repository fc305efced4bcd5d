using Envoy.Config.Core.V3;
using HttpRequest = Envoy.Service.Auth.V3.AttributeContext.Types.HttpRequest;

namespace Decision.Server.Proxies.Envoy;

/// <summary>
/// Headers as Envoy sends them: joined in a map, or one by one where it is set to (<c>encode_raw_headers</c>). In the map a key that was
/// sent twice is one text with a comma in it, which no key has.
/// </summary>
internal sealed class EnvoyHeaders(HttpRequest request) : IProxiedHeaders
{
    public IEnumerable<string> Names =>
        request.HeaderMap is { } raw ? raw.Headers.Select(header => header.Key) : request.Headers.Keys;

    public int Find(string name, out string value)
    {
        if (request.HeaderMap is null)
        {
            // Names are in lower case there; an API's record may spell its own in any.
            if (request.Headers.TryGetValue(name, out string? joined) || request.Headers.TryGetValue(name.ToLowerInvariant(), out joined))
            {
                value = joined;
                return 1;
            }

            value = "";
            return 0;
        }

        value = "";
        int count = 0;
        foreach (var header in request.HeaderMap.Headers)
        {
            if (header.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && count++ == 0)
            {
                value = ValueOf(header);
            }
        }

        return count;
    }

    public IEnumerable<string> All(string name)
    {
        if (request.HeaderMap is { } raw)
        {
            return raw.Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(ValueOf);
        }

        return Find(name, out string value) > 0 ? [value] : [];
    }

    // What is no UTF-8 becomes replacement characters, which no key and no path has.
    private static string ValueOf(HeaderValue header) => header.RawValue.IsEmpty ? header.Value : header.RawValue.ToStringUtf8();
}
