using System.Buffers;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Decision.Engine.Credentials;

/// <summary>
/// A keyed 128-bit fingerprint of one of our own tokens, so that a text whose hash was compared once is known again without hashing it. SHA-256
/// through the platform costs 390 ns, this 40: it was a third of a whole decision (docs/performance.md).
/// </summary>
/// <remarks>
/// CBC-MAC over AES rounds with independent random round keys. Sound because every text has the same length, which CBC-MAC needs, and because the
/// keys are drawn when the process starts and never leave it: to be taken for another text, one must guess 128 bits. It never decides that a text
/// is wrong, only that it is one that was right; what it does not know is hashed. Tokens are not kept in clear for this.
/// </remarks>
public sealed class TokenFingerprint
{
    /// <summary>Random bytes that an instance is made of.</summary>
    public const int RandomLength = Rounds * BlockLength;

    private const int Rounds = 11;
    private const int BlockLength = 16;
    private const int PaddedLength = 64;

    private readonly Vector128<byte>[] _keys = new Vector128<byte>[Rounds];

    /// <summary>Draws the round keys from random bytes.</summary>
    /// <param name="random"><see cref="RandomLength"/> bytes.</param>
    public TokenFingerprint(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomLength);
        for (int round = 0; round < Rounds; round++)
        {
            _keys[round] = Vector128.Create(random.Slice(round * BlockLength, BlockLength));
        }
    }

    /// <summary>Whether this processor can; where not, every text is hashed.</summary>
    public static bool IsSupported => Aes.IsSupported && KeyToken.Length <= PaddedLength;

    /// <summary>Whether two are equal, in a time that tells nothing about them.</summary>
    public static bool AreEqual(UInt128 a, UInt128 b)
    {
        var difference = a ^ b;
        return ((ulong)difference | (ulong)(difference >> 64)) == 0;
    }

    /// <summary>The fingerprint of a text of a token's length; false = it has another length, is not ASCII, or the processor cannot.</summary>
    public bool TryCompute(ReadOnlySpan<char> token, out UInt128 fingerprint)
    {
        fingerprint = default;
        if (!IsSupported || token.Length != KeyToken.Length)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[PaddedLength];
        bytes.Clear();
        if (Ascii.FromUtf16(token, bytes, out _) != OperationStatus.Done)
        {
            return false;
        }

        var keys = _keys.AsSpan();
        var mac = Vector128<byte>.Zero;
        for (int at = 0; at < PaddedLength; at += BlockLength)
        {
            mac ^= Vector128.Create<byte>(bytes.Slice(at, BlockLength)) ^ keys[0];
            for (int round = 1; round < Rounds - 1; round++)
            {
                mac = Aes.Encrypt(mac, keys[round]);
            }

            mac = Aes.EncryptLast(mac, keys[Rounds - 1]);
        }

        CryptographicOperations.ZeroMemory(bytes);
        fingerprint = new UInt128(mac.AsUInt64()[1], mac.AsUInt64()[0]);
        return true;
    }
}
