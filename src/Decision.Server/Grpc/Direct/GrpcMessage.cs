using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Decision.Server.Grpc.Direct;

/// <summary>One message in the body of a call: whether it is compressed, its length in four bytes, itself.</summary>
internal static class GrpcMessage
{
    private const int Prefix = 5;

    /// <summary>Whether the caller has sent all that it wants to send.</summary>
    public static bool HasAll(in ReadResult arrived) => arrived.IsCompleted;

    /// <summary>Whether it announces more than is taken, so that the rest need not be waited for.</summary>
    public static bool IsTooLong(in ReadResult arrived, int mostBytes) => TryReadPrefix(arrived.Buffer, out _, out uint length) && length > mostBytes;

    /// <summary>Finds the message where there is exactly one, whole and not compressed.</summary>
    public static bool TryFind(in ReadResult arrived, int mostBytes, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (!TryReadPrefix(arrived.Buffer, out byte isCompressed, out uint length)
            || isCompressed != 0
            || length > mostBytes
            || arrived.Buffer.Length != Prefix + (long)length)
        {
            return false;
        }

        message = arrived.Buffer.Slice(Prefix);
        return true;
    }

    /// <summary>Writes one that is not compressed.</summary>
    public static void Write(PipeWriter writer, byte[] message)
    {
        var target = writer.GetSpan(Prefix + message.Length);
        target[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)message.Length);
        message.CopyTo(target[Prefix..]);
        writer.Advance(Prefix + message.Length);
    }

    private static bool TryReadPrefix(in ReadOnlySequence<byte> buffer, out byte isCompressed, out uint length)
    {
        isCompressed = 0;
        length = 0;
        if (buffer.Length < Prefix)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[Prefix];
        buffer.Slice(0, Prefix).CopyTo(prefix);
        isCompressed = prefix[0];
        length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return true;
    }
}
