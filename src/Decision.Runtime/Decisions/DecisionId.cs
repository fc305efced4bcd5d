using System.Security.Cryptography;
using System.Text;

namespace Decision.Runtime.Decisions;

/// <summary>Names for decisions: 65 bits drawn when the process starts and a number, 26 characters of base32.</summary>
public static class DecisionId
{
    /// <summary>Characters of a name.</summary>
    public const int Length = 2 * Half;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Half = 13;

    private static readonly byte[] Process = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(Alphabet, Half));
    private static long _count;

    /// <summary>The number of a decision that has none yet.</summary>
    public static long Next() => Interlocked.Increment(ref _count);

    /// <summary>The name as text.</summary>
    /// <param name="number">The decision's number; 0 = it has none, and gets the next one.</param>
    public static string TextOf(long number) => string.Create(Length, number, static (text, number) =>
    {
        Span<byte> ascii = stackalloc byte[Length];
        Write(number, ascii);
        Encoding.ASCII.GetChars(ascii, text);
    });

    /// <summary>Writes the name in ASCII.</summary>
    /// <param name="number">The decision's number; 0 = it has none, and gets the next one.</param>
    /// <param name="text"><see cref="Length"/> bytes.</param>
    public static void Write(long number, Span<byte> text)
    {
        Process.CopyTo(text);
        long rest = number == 0 ? Next() : number;
        for (int place = Length - 1; place >= Half; place--)
        {
            text[place] = (byte)Alphabet[(int)(rest & 31)];
            rest >>>= 5;
        }
    }
}
