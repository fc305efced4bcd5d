using System.Security.Cryptography;
using System.Text;
using Decision.Server.Wire;

namespace Decision.Server.Grpc;

/// <summary>Names for decisions: 65 bits drawn when the process starts and a count, 26 characters of base32.</summary>
internal static class DecisionId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Half = 13;

    private static readonly string Process = RandomNumberGenerator.GetString(Alphabet, Half);
    private static readonly byte[] ProcessBytes = Encoding.ASCII.GetBytes(Process);
    private static long _count;

    /// <summary>The next one as a field of an answer.</summary>
    public static void Write(ProtoWriter writer, int field)
    {
        Span<byte> text = stackalloc byte[2 * Half];
        ProcessBytes.CopyTo(text);
        long count = Interlocked.Increment(ref _count);
        for (int place = (2 * Half) - 1; place >= Half; place--)
        {
            text[place] = (byte)Alphabet[(int)(count & 31)];
            count >>>= 5;
        }

        writer.Bytes(field, text);
    }

    public static string Next() => string.Create(2 * Half, Interlocked.Increment(ref _count), static (text, count) =>
    {
        Process.CopyTo(text);
        for (int place = (2 * Half) - 1; place >= Half; place--)
        {
            text[place] = Alphabet[(int)(count & 31)];
            count >>>= 5;
        }
    });
}
