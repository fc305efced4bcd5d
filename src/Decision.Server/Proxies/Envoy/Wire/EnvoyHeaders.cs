using Decision.Server.Wire;
using System.Text;

namespace Decision.Server.Proxies.Envoy.Wire;

/// <summary>
/// Headers as Envoy sends them: joined in a map, or one by one where it is set to (<c>encode_raw_headers</c>). In the map a key that was
/// sent twice is one text with a comma in it, which no key has.
/// </summary>
internal sealed class EnvoyHeaders(byte[] message, List<EnvoyHeader> headers, bool areRaw) : IProxiedHeaders
{
    public int Find(string name, out string value)
    {
        int count = 0;
        var found = default(ProtoSpan);
        foreach (var header in headers)
        {
            if (!Is(in header, name))
            {
                continue;
            }

            // Of an entry of a map that comes twice the last counts.
            found = areRaw && count > 0 ? found : header.Value;
            count = areRaw ? count + 1 : 1;
        }

        value = found.Text(message);
        return count;
    }

    public IEnumerable<string> All(string name)
    {
        if (!areRaw)
        {
            return Find(name, out string value) > 0 ? [value] : [];
        }

        return headers.Where(header => Is(in header, name)).Select(header => header.Value.Text(message));
    }

    public IReadOnlyList<string> NamesThatBegin(string prefix)
    {
        List<string>? names = null;
        foreach (var header in headers)
        {
            if (header.IsRaw == areRaw && header.Name.Length >= prefix.Length
                && Ascii.EqualsIgnoreCase(header.Name.In(message)[..prefix.Length], prefix))
            {
                (names ??= []).Add(header.Name.Text(message));
            }
        }

        return names is null ? [] : names;
    }

    private bool Is(in EnvoyHeader header, string name) =>
        header.IsRaw == areRaw && header.Name.Length == name.Length && Ascii.EqualsIgnoreCase(header.Name.In(message), name);
}
