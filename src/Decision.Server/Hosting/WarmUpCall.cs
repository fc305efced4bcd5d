using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace Decision.Server.Hosting;

/// <summary>
/// A client's side of one unary call over HTTP/2, without a client's code, which would have to be compiled too. It asks for the server's health: that
/// spends and counts nothing, and takes the way of every call.
/// </summary>
internal static class WarmUpCall
{
    private const string Path = "/grpc.health.v1.Health/Check";
    private const int FrameHeader = 9;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    /// <summary>Completes when the call has its whole answer.</summary>
    /// <exception cref="InvalidDataException">The server ended the connection or the call without an answer.</exception>
    public static async Task RunAsync(IDuplexPipe connection)
    {
        connection.Output.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Write(connection.Output, Settings, 0, 0, []);
        Write(connection.Output, Headers, EndHeaders, 1, RequestHeaders());

        // An empty message: not compressed, of no length.
        Write(connection.Output, Data, EndStream, 1, new byte[5]);
        await connection.Output.FlushAsync();
        bool hasMessage = false;
        while (await ReadAsync(connection.Input) is var (type, flags, length))
        {
            hasMessage |= type == Data && length > 0;
            if (type == GoAway || (type == Headers && (flags & EndStream) != 0))
            {
                break;
            }
        }

        if (!hasMessage)
        {
            throw new InvalidDataException("The server did not answer the call of its warm-up.");
        }
    }

    // The first bytes are places in HPACK's table of well-known headers: POST, http, and the names :path and :authority.
    private static byte[] RequestHeaders()
    {
        using MemoryStream headers = new();
        headers.Write([0x83, 0x86, 0x04]);
        Text(headers, Path);
        headers.WriteByte(0x01);
        Text(headers, "localhost");
        foreach (string text in (string[])["content-type", "application/grpc", "te", "trailers"])
        {
            if (text is "content-type" or "te")
            {
                headers.WriteByte(0);
            }

            Text(headers, text);
        }

        return headers.ToArray();
    }

    private static void Text(MemoryStream headers, string text)
    {
        headers.WriteByte((byte)text.Length);
        headers.Write(Encoding.ASCII.GetBytes(text));
    }

    private static void Write(PipeWriter output, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = output.GetSpan(FrameHeader);
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        output.Advance(FrameHeader);
        output.Write(payload);
    }

    private static async Task<(byte Type, byte Flags, int Length)?> ReadAsync(PipeReader input)
    {
        var read = await input.ReadAtLeastAsync(FrameHeader);
        if (read.Buffer.Length < FrameHeader)
        {
            return null;
        }

        byte[] header = read.Buffer.Slice(0, FrameHeader).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(FrameHeader));
        int length = BinaryPrimitives.ReadInt32BigEndian(header) >>> 8;
        if (length > 0)
        {
            read = await input.ReadAtLeastAsync(length);
            input.AdvanceTo(read.Buffer.GetPosition(Math.Min(length, read.Buffer.Length)));
        }

        return (header[3], header[4], length);
    }
}
