using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Credentials;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Credentials;

public sealed class SecretBoxTests
{
    private const string KeyId = "0123456789ABCDEF";

    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");
    private static readonly byte[] Nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    [Theory]
    [InlineData("")]
    [InlineData("a-shared-secret")]
    [InlineData("clé€😀")]
    public void Seal_opens_to_the_same_text(string plain)
    {
        string text = SecretBox.Seal(Secret, KeyId, plain, Nonce);
        Assert.Matches(@"\Av1\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+\z", text);
        Assert.True(SecretBox.TryOpen(Secret, KeyId, text, out string? opened));
        Assert.Equal(plain, opened);
    }

    [Fact]
    public void Seal_is_aes_256_gcm_under_the_derived_key()
    {
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Secret, 32, salt: null, info: Encoding.ASCII.GetBytes("decision hmac_string v1"));
        using AesGcm aes = new(key, 16);
        byte[] box = new byte[6 + 16];
        aes.Encrypt(Nonce, "secret"u8, box.AsSpan(0, 6), box.AsSpan(6), Encoding.ASCII.GetBytes(KeyId));
        Assert.Equal($"v1.AQIDBAUGBwgJCgsM.{Base64Url.EncodeToString(box)}", SecretBox.Seal(Secret, KeyId, "secret", Nonce));
    }

    [Fact]
    public void TryOpen_another_key_or_key_id_is_refused()
    {
        string text = SecretBox.Seal(Secret, KeyId, "secret", Nonce);
        byte[] other = [.. Secret];
        other[^1] ^= 1;
        Assert.False(SecretBox.TryOpen(other, KeyId, text, out string? opened));
        Assert.Null(opened);
        Assert.False(SecretBox.TryOpen(default, KeyId, text, out _));
        Assert.False(SecretBox.TryOpen(Secret, "0123456789ABCDEf", text, out opened));
        Assert.Null(opened);
        Assert.False(SecretBox.TryOpen(Secret, "\ud800", text, out _));
    }

    [Property(MaxTest = 20)]
    public void TryOpen_any_single_character_changed_is_refused(string? plain, char replacement)
    {
        string wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(plain ?? ""));
        string text = SecretBox.Seal(Secret, KeyId, wellFormed, Nonce);
        char[] changed = text.ToCharArray();
        for (int i = 0; i < changed.Length; i++)
        {
            foreach (char other in (ReadOnlySpan<char>)['A', 'B', 'C', 'w', '0', '_', '-', '.', '=', ' ', '\n', '+', '/', (char)(text[i] ^ 1), (char)(text[i] + 1), replacement])
            {
                changed[i] = other;
                Assert.Equal(other == text[i], SecretBox.TryOpen(Secret, KeyId, new string(changed), out _));
            }

            changed[i] = text[i];
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("v1..")]
    [InlineData("v1.AQIDBAUGBwgJCgsM.")]
    [InlineData("v1.AQIDBAUGBwgJCgsM.AAAA")]
    [InlineData("v1.AQID.AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("v1.AQIDBAUGBwgJCgsM.AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("plain-secret")]
    public void TryOpen_what_was_never_sealed_is_refused(string text) => Assert.False(SecretBox.TryOpen(Secret, KeyId, text, out _));

    [Fact]
    public void TryOpen_another_version_or_appended_text_is_refused()
    {
        string text = SecretBox.Seal(Secret, KeyId, "secret", Nonce);
        Assert.False(SecretBox.TryOpen(Secret, KeyId, "v2" + text[2..], out _));
        Assert.False(SecretBox.TryOpen(Secret, KeyId, text + ".", out _));
        Assert.False(SecretBox.TryOpen(Secret, KeyId, text + "=", out _));
        Assert.False(SecretBox.TryOpen(Secret, KeyId, text + "\n", out _));
        Assert.False(SecretBox.TryOpen(Secret, KeyId, text[..^4], out _));
    }

    [Fact]
    public void Seal_wrong_arguments_throw()
    {
        Assert.Contains("must have 12", Assert.Throws<ArgumentException>(() => SecretBox.Seal(Secret, KeyId, "x", new byte[11])).Message, StringComparison.Ordinal);
        Assert.Contains("Secrets:Key", Assert.Throws<ArgumentException>(() => SecretBox.Seal(new byte[15], KeyId, "x", Nonce)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => SecretBox.Seal(Secret, KeyId, "\ud800", Nonce));
    }
}
