using Decision.Server.Wire;
using Decision.Server.Proxies.Headers;
using Envoy.Config.Core.V3;

namespace Decision.Server.Proxies.Envoy;

/// <summary>Writes headers that take the place of those of the same name, as <c>HeaderValueOption</c>.</summary>
/// <param name="writer">Where to.</param>
/// <param name="field">The field that holds them.</param>
internal readonly struct EnvoyHeaderSink(ProtoWriter writer, int field) : IHeaderSink
{
    public void Add(string name, string value)
    {
        int option = writer.Begin(field);
        int header = writer.Begin(HeaderValueOption.HeaderFieldNumber);
        writer.Text(HeaderValue.KeyFieldNumber, name);
        if (value.Length > 0)
        {
            writer.Text(HeaderValue.ValueFieldNumber, value);
        }

        writer.End(header);
        writer.Number(HeaderValueOption.AppendActionFieldNumber, (long)HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd);
        if (value.Length == 0)
        {
            // Without it Envoy drops a header whose value is empty, and the client's own would stay.
            writer.Flag(HeaderValueOption.KeepEmptyValueFieldNumber, true);
        }

        writer.End(option);
    }
}
