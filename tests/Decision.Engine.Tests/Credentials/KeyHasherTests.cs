using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Credentials;
using Decision.TestKit;

namespace Decision.Engine.Tests.Credentials;

public sealed class KeyHasherTests
{
    private const long NowUs = 1_700_000_000_000_000;

    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");

    public static TheoryData<string> Texts => ["", "abc", "dk_0123456789ABCDEF_x", "clé€😀", new string('x', 1024), new string('€', 1024), new string('x', 1025), new string('€', 102_400)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Sha256_any_length_is_the_hash_of_the_utf8_text(string text)
    {
        byte[] hash = new byte[32];
        KeyHasher.Sha256(text, hash);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(text)), hash);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Hmac_any_length_is_the_keyed_hash_of_the_utf8_text(string text)
    {
        byte[] hash = new byte[32];
        KeyHasher.Hmac(Secret, text, hash);
        Assert.Equal(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(text)), hash);
    }

    [Fact]
    public void Sha256_published_vector()
    {
        byte[] hash = new byte[32];
        KeyHasher.Sha256("abc", hash);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Hmac_published_vector_rfc4231_case_1()
    {
        byte[] key = new byte[20];
        Array.Fill(key, (byte)0x0b);
        byte[] hash = new byte[32];
        KeyHasher.Hmac(key, "Hi There", hash);
        Assert.Equal("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Hmac_short_key_or_short_target_throws()
    {
        Assert.Contains("Secrets:Key", Assert.Throws<ArgumentException>(() => KeyHasher.Hmac(new byte[15], "x", new byte[32])).Message, StringComparison.Ordinal);
        Assert.Contains("32 bytes, 31", Assert.Throws<ArgumentException>(() => KeyHasher.Hmac(Secret, "x", new byte[31])).Message, StringComparison.Ordinal);
        Assert.Contains("32 bytes, 31", Assert.Throws<ArgumentException>(() => KeyHasher.Sha256("x", new byte[31])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashing_a_normal_token_never_allocates()
    {
        string token = KeyToken.Create("0123456789ABCDEF", new byte[20]);
        byte[] hash = new byte[32];
        KeyHash stored = Sha256Of(token);
        KeyHash keyed = HmacOf(token);
        bool all = true;

        long bytes = Allocations.SteadyStateOf(() =>
        {
            KeyHasher.Sha256(token, hash);
            all &= KeyHasher.Matches(stored, token, default, NowUs) && KeyHasher.Matches(keyed, token, Secret, NowUs);
        });

        Assert.Equal(0, bytes);
        Assert.True(all);
    }

    [Fact]
    public void Matches_only_the_same_text_and_scheme()
    {
        Assert.True(KeyHasher.Matches(Sha256Of("a-key"), "a-key", Secret, NowUs));
        Assert.True(KeyHasher.Matches(HmacOf("a-key"), "a-key", Secret, NowUs));
        Assert.False(KeyHasher.Matches(Sha256Of("a-key"), "a-keY", Secret, NowUs));
        Assert.False(KeyHasher.Matches(HmacOf("a-key"), "a-key ", Secret, NowUs));
        Assert.False(KeyHasher.Matches(new KeyHash(KeyHashScheme.HmacSha256, Sha256Of("a-key").Value), "a-key", Secret, NowUs));
        Assert.False(KeyHasher.Matches(new KeyHash(KeyHashScheme.Sha256, HmacOf("a-key").Value), "a-key", Secret, NowUs));
    }

    [Fact]
    public void Matches_keyed_hash_with_another_or_no_secret_never()
    {
        Assert.False(KeyHasher.Matches(HmacOf("a-key"), "a-key", new byte[32], NowUs));
        Assert.False(KeyHasher.Matches(HmacOf("a-key"), "a-key", default, NowUs));
    }

    [Fact]
    public void Matches_empty_or_overlong_key_never()
    {
        string longest = new('x', PresentedKey.MaximumLength);
        Assert.True(KeyHasher.Matches(Sha256Of(longest), longest, default, NowUs));
        Assert.False(KeyHasher.Matches(Sha256Of(longest + "x"), longest + "x", default, NowUs));
        Assert.False(KeyHasher.Matches(Sha256Of(""), "", default, NowUs));
    }

    [Fact]
    public void Matches_hash_with_an_end_until_that_moment()
    {
        KeyHash ending = Sha256Of("a-key") with { EndsAtUs = NowUs };
        Assert.True(KeyHasher.Matches(ending, "a-key", default, NowUs - 1));
        Assert.False(KeyHasher.Matches(ending, "a-key", default, NowUs));
    }

    [Fact]
    public void Matches_bytes_of_any_length()
    {
        Assert.True(KeyHasher.Matches([1, 2], [1, 2]));
        Assert.False(KeyHasher.Matches([1, 2], [1, 3]));
        Assert.False(KeyHasher.Matches([1, 2], [1, 2, 3]));
        Assert.False(KeyHasher.Matches([], []));
    }

    [Fact]
    public void KeyHash_text_reads_back_and_equals()
    {
        KeyHash hash = Sha256Of("abc") with { EndsAtUs = 5 };
        string text = hash.ToText();
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", text);
        KeyHash read = KeyHash.Parse(KeyHashScheme.Sha256, text.ToUpperInvariant(), 5);
        Assert.Equal(hash, read);
        Assert.Equal(hash.GetHashCode(), read.GetHashCode());
        Assert.NotEqual(hash, KeyHash.Parse(KeyHashScheme.HmacSha256, text, 5));
        Assert.NotEqual(hash, KeyHash.Parse(KeyHashScheme.Sha256, text));
        Assert.NotEqual(hash, Sha256Of("abd") with { EndsAtUs = 5 });
        Assert.DoesNotContain("ba78", hash.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("EndsAtUs = 5", hash.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void KeyHash_malformed_is_refused()
    {
        Assert.Throws<FormatException>(() => KeyHash.Parse(KeyHashScheme.Sha256, ""));
        Assert.Throws<FormatException>(() => KeyHash.Parse(KeyHashScheme.Sha256, new string('a', 63)));
        Assert.Throws<FormatException>(() => KeyHash.Parse(KeyHashScheme.Sha256, new string('a', 66)));
        Assert.Throws<FormatException>(() => KeyHash.Parse(KeyHashScheme.Sha256, new string('a', 63) + "g"));
        Assert.Throws<ArgumentException>(() => KeyHash.Parse((KeyHashScheme)3, new string('a', 64)));
        Assert.Throws<ArgumentException>(() => new KeyHash(KeyHashScheme.Sha256, default));
        Assert.Throws<ArgumentException>(() => new KeyHash(KeyHashScheme.Sha256, [1, 2]));
    }

    private static KeyHash Sha256Of(string text) =>
        new(KeyHashScheme.Sha256, ImmutableArray.Create(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    private static KeyHash HmacOf(string text) =>
        new(KeyHashScheme.HmacSha256, ImmutableArray.Create(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(text))));
}
