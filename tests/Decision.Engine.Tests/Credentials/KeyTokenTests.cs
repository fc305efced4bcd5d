using System.Numerics;
using System.Text.RegularExpressions;
using Decision.Engine.Credentials;
using Decision.TestKit;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Credentials;

public sealed class KeyTokenTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Property]
    public void Create_any_random_gives_a_token_whose_id_reads_back(int seed)
    {
        (string id, string token) = Issue(seed);

        Assert.Matches(new Regex(@"\A[0-9A-Za-z]{16}\z"), id);
        Assert.Matches(new Regex(@"\Adk_[0-9A-Za-z]{16}_[0-9A-Za-z]{33}\z"), token);
        Assert.Equal(Uri.EscapeDataString(token), token);
        Assert.True(KeyToken.LooksLike(token));
        Assert.True(KeyToken.TryReadId(token, out ReadOnlySpan<char> read));
        Assert.Equal(id, read.ToString());
    }

    [Property]
    public void TryReadId_any_single_character_changed_is_refused(int seed, char replacement)
    {
        (_, string token) = Issue(seed);
        char[] changed = token.ToCharArray();
        for (int i = 0; i < changed.Length; i++)
        {
            foreach (char other in (ReadOnlySpan<char>)[.. Alphabet, '_', '-', '\0', replacement])
            {
                if (other == token[i])
                {
                    continue;
                }

                changed[i] = other;
                Assert.False(KeyToken.TryReadId(changed, out ReadOnlySpan<char> id), $"{i}: {new string(changed)}");
                Assert.True(id.IsEmpty);
            }

            changed[i] = token[i];
        }
    }

    [Property]
    public void Create_the_secret_is_the_random_bytes_as_one_number(int seed)
    {
        byte[] random = Bytes(seed, 20);
        string token = KeyToken.Create("0123456789ABCDEF", random);

        BigInteger number = 0;
        foreach (char c in token.AsSpan(20, 27))
        {
            number = (number * 62) + Alphabet.IndexOf(c, StringComparison.Ordinal);
        }

        Assert.Equal(new BigInteger(random, isUnsigned: true, isBigEndian: true), number);
    }

    [Property]
    public void CreateId_is_95_of_the_random_bits_as_one_number(int seed)
    {
        byte[] random = Bytes(seed, 12);
        BigInteger number = 0;
        foreach (char c in KeyToken.CreateId(random))
        {
            number = (number * 62) + Alphabet.IndexOf(c, StringComparison.Ordinal);
        }

        Assert.Equal(new BigInteger(random, isUnsigned: true, isBigEndian: true) & ((BigInteger.One << 95) - 1), number);
    }

    [Fact]
    public void Create_smallest_and_largest_random_fill_the_fixed_length()
    {
        Assert.Equal("0000000000000000", KeyToken.CreateId(new byte[12]));
        Assert.Equal(16, KeyToken.CreateId(Filled(12)).Length);
        // 2^160 - 1 in base 62, computed apart.
        string largest = KeyToken.Create("zzzzzzzzzzzzzzzz", Filled(20));
        Assert.Equal(KeyToken.Length, largest.Length);
        Assert.StartsWith("dk_zzzzzzzzzzzzzzzz_" + Base62Of((BigInteger.One << 160) - 1, 27), largest, StringComparison.Ordinal);
        Assert.StartsWith("dk_0000000000000000_" + new string('0', 27), KeyToken.Create("0000000000000000", new byte[20]), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_checksum_is_the_crc32_of_everything_before_it()
    {
        string token = KeyToken.Create("0123456789ABCDEF", Bytes(7, 20));
        Assert.Equal(Base62Of(BitwiseCrc32(token[..^6]), 6), token[^6..]);
        // The check value that the definition of CRC-32 names.
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"));
    }

    [Fact]
    public void Create_longer_random_uses_only_what_the_length_holds()
    {
        byte[] random = Bytes(1, 64);
        Assert.Equal(KeyToken.CreateId(random.AsSpan(0, 12)), KeyToken.CreateId(random));
        Assert.Equal(KeyToken.Create("0123456789ABCDEF", random.AsSpan(0, 20)), KeyToken.Create("0123456789ABCDEF", random));
    }

    [Fact]
    public void Create_too_little_random_or_a_foreign_id_throws()
    {
        Assert.Contains("12 random bytes, 11", Assert.Throws<ArgumentException>(() => KeyToken.CreateId(new byte[11])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "20 random bytes, 19",
            Assert.Throws<ArgumentException>(() => KeyToken.Create("0123456789ABCDEF", new byte[19])).Message,
            StringComparison.Ordinal);
        foreach (string id in (string[])["", "0123456789ABCDE", "0123456789ABCDEFG", "0123456789ABCDE_", "0123456789ABCDEé"])
        {
            Assert.Contains("[A-Za-z0-9]", Assert.Throws<ArgumentException>(() => KeyToken.Create(id, new byte[20])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TryReadId_other_shapes_are_refused()
    {
        (_, string token) = Issue(3);
        foreach (string other in (string[])["", "dk_", "abc", token[..^1], token + "0", " " + token, token + " ", "Bearer " + token, token.ToUpperInvariant(), new string('d', 102_400)])
        {
            Assert.False(KeyToken.TryReadId(other, out _), other);
        }
    }

    [Theory]
    [InlineData("dk_", true)]
    [InlineData("dk_x", true)]
    [InlineData("DK_x", false)]
    [InlineData("dk-x", false)]
    [InlineData(" dk_x", false)]
    [InlineData("", false)]
    public void LooksLike_the_prefix_in_its_own_case(string text, bool expected) => Assert.Equal(expected, KeyToken.LooksLike(text));

    [Fact]
    public void TryReadId_never_allocates()
    {
        (_, string token) = Issue(5);
        string wrong = token[..^1] + (token[^1] == 'a' ? 'b' : 'a');
        Assert.True(KeyToken.TryReadId(token, out _));
        Assert.False(KeyToken.TryReadId(wrong, out _));

        long bytes = Allocations.SteadyStateOf(() =>
        {
            KeyToken.TryReadId(token, out _);
            KeyToken.TryReadId(wrong, out _);
        });

        Assert.Equal(0, bytes);
    }

    private static (string Id, string Token) Issue(int seed)
    {
        byte[] random = Bytes(seed, 32);
        string id = KeyToken.CreateId(random);
        return (id, KeyToken.Create(id, random.AsSpan(12)));
    }

    private static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Filled(int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, byte.MaxValue);
        return bytes;
    }

    private static string Base62Of(BigInteger number, int length)
    {
        string text = "";
        for (; text.Length < length; number /= 62)
        {
            text = Alphabet[(int)(number % 62)] + text;
        }

        return text;
    }

    private static uint BitwiseCrc32(string text)
    {
        uint crc = 0xFFFFFFFF;
        foreach (char c in text)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                crc = ((crc ^ ((uint)c >> bit)) & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
