using Decision.Server.Proxies.Headers;
using Envoy.Config.Core.V3;
using Google.Protobuf.Collections;

namespace Decision.Server.Proxies.Envoy;

/// <summary>Collects headers that take the place of those of the same name.</summary>
internal readonly struct EnvoyHeaderSink(RepeatedField<HeaderValueOption> headers) : IHeaderSink
{
    public void Add(string name, string value) => headers.Add(new HeaderValueOption
    {
        Header = new HeaderValue { Key = name, Value = value },
        AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,

        // Without it Envoy drops a header whose value is empty, and the client's own would stay.
        KeepEmptyValue = value.Length == 0,
    });
}
