using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using static System.FormattableString;

namespace Decision.Server.Tests.Hosting;

/// <summary>A client of HTTP/2 that does what no library would, such as to stay when it is asked to go. Its calls are for the server's health.</summary>
internal sealed class RawHttp2Connection : IDisposable
{
    private const int FrameHeader = 9;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private NetworkStream? _stream;

    public async Task OpenAsync(IPEndPoint address)
    {
        await _socket.ConnectAsync(address);
        _stream = new NetworkStream(_socket);
        await _stream.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])]);
    }

    /// <summary>Makes a call; gives what came, up to its answer.</summary>
    public async Task<List<string>> CallAsync(int stream)
    {
        await SendCallAsync(stream);
        List<string> told = [];
        do
        {
            told.Add(await ReadAsync() ?? throw new EndOfStreamException());
        }
        while (told[^1] != Invariant($"answer {stream}"));
        return told;
    }

    public async Task SendCallAsync(int stream) =>
        await _stream!.WriteAsync((byte[])[.. Frame(Headers, EndHeaders, stream, RequestHeaders()), .. Frame(Data, EndStream, stream, new byte[5])]);

    /// <summary>Has nothing more to say, and reads on.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next whole answer, or that it is to go away; null = the server closed the connection.</summary>
    public async Task<string?> ReadAsync()
    {
        byte[] header = new byte[FrameHeader];
        while (await _stream!.ReadAtLeastAsync(header, FrameHeader, throwOnEndOfStream: false) == FrameHeader)
        {
            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
            await _stream.ReadExactlyAsync(payload);
            switch (header[3])
            {
                case GoAway:
                    return Invariant($"go away after {BinaryPrimitives.ReadInt32BigEndian(payload)}");
                case Headers when (header[4] & EndStream) != 0:
                    return Invariant($"answer {BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5))}");
                default:
                    continue;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket.Dispose();
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[FrameHeader + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeader);
        return frame;
    }

    // Without Huffman's code and without the table of HPACK: POST and http by their places in it, the other names and values as they are.
    private static byte[] RequestHeaders()
    {
        using MemoryStream headers = new();
        headers.Write([0x83, 0x86]);
        foreach (string text in (string[])[":path", "/grpc.health.v1.Health/Check", ":authority", "localhost", "content-type", "application/grpc", "te", "trailers"])
        {
            if (text is ":path" or ":authority" or "content-type" or "te")
            {
                headers.WriteByte(0);
            }

            headers.WriteByte((byte)text.Length);
            headers.Write(Encoding.ASCII.GetBytes(text));
        }

        return headers.ToArray();
    }
}
