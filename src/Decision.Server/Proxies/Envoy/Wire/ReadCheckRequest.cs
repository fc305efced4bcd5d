using Decision.Server.Wire;
using System.Buffers;
using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using HttpRequest = Envoy.Service.Auth.V3.AttributeContext.Types.HttpRequest;

namespace Decision.Server.Proxies.Envoy.Wire;

/// <summary>
/// What a decision needs of a <c>CheckRequest</c>. Envoy sends every header of the client; here they stay bytes until one is looked at. Read as
/// the library would: of a field that comes twice the last counts, inner messages are joined.
/// </summary>
internal sealed class ReadCheckRequest
{
    // An entry of a map is a message: key = 1, value = 2.
    private const int EntryKey = 1;
    private const int EntryValue = 2;

    private readonly byte[] _message;
    private readonly List<EnvoyHeader> _headers = new(24);
    private bool _hasHeaderMap;

    private ReadCheckRequest(byte[] message) => _message = message;

    /// <summary>Why it is no such message; null = it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether there is a request to decide.</summary>
    public bool HasHttp { get; private set; }

    public string Id { get; private set; } = "";

    public string Method { get; private set; } = "";

    public string Path { get; private set; } = "";

    public string Host { get; private set; } = "";

    /// <summary>The address of the connection to Envoy; empty = not told.</summary>
    public string SourceAddress { get; private set; } = "";

    public Dictionary<string, string> ContextExtensions { get; } = new(StringComparer.Ordinal);

    /// <summary>The headers. Where they came one by one (<c>encode_raw_headers</c>) the joined ones do not count.</summary>
    public EnvoyHeaders Headers => new(_message, _headers, _hasHeaderMap);

    /// <summary>Reads it. What is malformed is told by <see cref="Problem"/>: a call that fails for it may be let through.</summary>
    public static ReadCheckRequest Of(ReadOnlySequence<byte> message)
    {
        // A copy: the message is gone when the call begins.
        var read = new ReadCheckRequest(message.ToArray());
        try
        {
            var request = new ProtoReader(read._message, 0, read._message.Length);
            while (request.Next())
            {
                if (request.Field == CheckRequest.AttributesFieldNumber)
                {
                    read.ReadAttributes(request.Inner());
                }
                else
                {
                    request.Skip();
                }
            }
        }
        catch (FormatException exception)
        {
            read.Problem = $"The message is no CheckRequest: {exception.Message}.";
        }

        return read;
    }

    private void ReadAttributes(ProtoReader attributes)
    {
        while (attributes.Next())
        {
            switch (attributes.Field)
            {
                case AttributeContext.SourceFieldNumber:
                    ReadSource(attributes.Inner());
                    break;
                case AttributeContext.RequestFieldNumber:
                    ReadRequest(attributes.Inner());
                    break;
                case AttributeContext.ContextExtensionsFieldNumber:
                    var (key, value) = Entry(attributes.Inner());
                    ContextExtensions[key.Text(_message)] = value.Text(_message);
                    break;
                default:
                    attributes.Skip();
                    break;
            }
        }
    }

    private void ReadSource(ProtoReader peer)
    {
        while (peer.Next())
        {
            if (peer.Field != AttributeContext.Types.Peer.AddressFieldNumber)
            {
                peer.Skip();
                continue;
            }

            var address = peer.Inner();
            while (address.Next())
            {
                if (address.Field != Address.SocketAddressFieldNumber)
                {
                    address.Skip();
                    continue;
                }

                var socket = address.Inner();
                while (socket.Next())
                {
                    if (socket.Field == SocketAddress.AddressFieldNumber)
                    {
                        SourceAddress = socket.Text();
                    }
                    else
                    {
                        socket.Skip();
                    }
                }
            }
        }
    }

    private void ReadRequest(ProtoReader request)
    {
        while (request.Next())
        {
            if (request.Field == AttributeContext.Types.Request.HttpFieldNumber)
            {
                HasHttp = true;
                ReadHttp(request.Inner());
            }
            else
            {
                request.Skip();
            }
        }
    }

    private void ReadHttp(ProtoReader http)
    {
        while (http.Next())
        {
            switch (http.Field)
            {
                case HttpRequest.IdFieldNumber:
                    Id = http.Text();
                    break;
                case HttpRequest.MethodFieldNumber:
                    Method = http.Text();
                    break;
                case HttpRequest.PathFieldNumber:
                    Path = http.Text();
                    break;
                case HttpRequest.HostFieldNumber:
                    Host = http.Text();
                    break;
                case HttpRequest.HeadersFieldNumber:
                    var (name, value) = Entry(http.Inner());
                    _headers.Add(new EnvoyHeader(name, value, IsRaw: false));
                    break;
                case HttpRequest.HeaderMapFieldNumber:
                    ReadHeaderMap(http.Inner());
                    break;
                default:
                    http.Skip();
                    break;
            }
        }
    }

    private void ReadHeaderMap(ProtoReader map)
    {
        _hasHeaderMap = true;
        while (map.Next())
        {
            if (map.Field != HeaderMap.HeadersFieldNumber)
            {
                map.Skip();
                continue;
            }

            ProtoSpan name = default, text = default, raw = default;
            var header = map.Inner();
            while (header.Next())
            {
                switch (header.Field)
                {
                    case HeaderValue.KeyFieldNumber:
                        name = header.Span();
                        break;
                    case HeaderValue.ValueFieldNumber:
                        text = header.Span();
                        break;
                    case HeaderValue.RawValueFieldNumber:
                        raw = header.Span();
                        break;
                    default:
                        header.Skip();
                        break;
                }
            }

            _headers.Add(new EnvoyHeader(name, raw.Length > 0 ? raw : text, IsRaw: true));
        }
    }

    private static (ProtoSpan Key, ProtoSpan Value) Entry(ProtoReader entry)
    {
        ProtoSpan key = default, value = default;
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case EntryKey:
                    key = entry.Span();
                    break;
                case EntryValue:
                    value = entry.Span();
                    break;
                default:
                    entry.Skip();
                    break;
            }
        }

        return (key, value);
    }
}
