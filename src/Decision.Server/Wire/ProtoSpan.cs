using System.Text;

namespace Decision.Server.Wire;

/// <summary>Where in a message something is.</summary>
internal readonly record struct ProtoSpan(int Start, int Length)
{
    public ReadOnlySpan<byte> In(byte[] message) => message.AsSpan(Start, Length);

    public string Text(byte[] message) => Length == 0 ? "" : Encoding.UTF8.GetString(In(message));
}
