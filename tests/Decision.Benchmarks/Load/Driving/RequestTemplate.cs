using System.Buffers.Binary;
using System.Text;
using Decision.Engine.Credentials;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>The bytes of a call over HTTP/2, with the key's text put in anew for each one.</summary>
internal sealed class RequestTemplate
{
    private const int FrameHeader = 9;
    private const byte Headers = 1, Data = 0, EndHeaders = 4, EndStream = 1;

    // What a first call puts into the connection's table (RFC 7541): path, authority, content-type, te, user-agent and length, the last one at 62.
    private static readonly byte[] Known = [0x83, 0x86, 0xC3, 0xC2, 0xC1, 0xC0, 0xBF, 0xBE];

    private readonly byte[] _first;
    private readonly byte[] _framed;
    private readonly int _keyAt;
    private readonly byte[] _tokens;

    /// <param name="path">The method's.</param>
    /// <param name="authority">The server's address.</param>
    /// <param name="framed">The message as gRPC sends it, with the text of one of the keys.</param>
    /// <param name="tokens">The texts of all keys, one after the other.</param>
    public RequestTemplate(string path, string authority, byte[] framed, byte[] tokens)
    {
        (_framed, _tokens) = (framed, tokens);
        _keyAt = framed.AsSpan().IndexOf(tokens.AsSpan(0, KeyToken.Length));
        ArgumentOutOfRangeException.ThrowIfNegative(_keyAt);
        _first =
        [
            0x83, 0x86, .. Literal(4, "/" + path), .. Literal(1, authority), .. Literal(31, "application/grpc"),
            0x40, .. Text("te"), .. Text("trailers"), .. Literal(58, "decision-load"), .. Literal(28, Invariant(framed.Length)),
        ];
    }

    /// <summary>Most bytes of a call.</summary>
    public int MostBytes => (2 * FrameHeader) + Math.Max(_first.Length, Known.Length) + _framed.Length;

    /// <summary>Writes a call.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="stream">The stream's number; 1 is the connection's first.</param>
    /// <param name="key">The key's number.</param>
    /// <returns>How many bytes.</returns>
    public int Write(Span<byte> to, int stream, int key)
    {
        byte[] headers = stream == 1 ? _first : Known;
        int length = WriteFrame(to, Headers, EndHeaders, stream, headers);
        var message = to[(length + FrameHeader)..];
        length += WriteFrame(to[length..], Data, EndStream, stream, _framed);
        _tokens.AsSpan(key * KeyToken.Length, KeyToken.Length).CopyTo(message[_keyAt..]);
        return length;
    }

    private static int WriteFrame(Span<byte> to, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, (payload.Length << 8) | type);
        to[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], stream);
        payload.CopyTo(to[FrameHeader..]);
        return FrameHeader + payload.Length;
    }

    // To be remembered, its name being in the static table; the texts are shorter than 127.
    private static byte[] Literal(int name, string value) => [(byte)(0x40 | name), .. Text(value)];

    private static byte[] Text(string value) => [(byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
