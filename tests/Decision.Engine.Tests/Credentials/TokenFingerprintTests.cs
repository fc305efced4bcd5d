using System.Security.Cryptography;
using Decision.Engine.Credentials;

namespace Decision.Engine.Tests.Credentials;

public sealed class TokenFingerprintTests
{
    private static readonly TokenFingerprint Fingerprint = new(RandomNumberGenerator.GetBytes(TokenFingerprint.RandomLength));

    [Fact]
    public void TryCompute_the_same_token_gives_the_same()
    {
        string token = NewToken();

        Assert.Equal(TokenFingerprint.IsSupported, Fingerprint.TryCompute(token, out var first));
        Fingerprint.TryCompute(new string(token), out var second);

        Assert.Equal(first, second);
    }

    [Fact]
    public void TryCompute_any_changed_character_gives_another()
    {
        string token = NewToken();
        bool isSupported = Fingerprint.TryCompute(token, out var right);
        var seen = new HashSet<UInt128> { right };
        for (int index = 0; index < token.Length; index++)
        {
            char other = token[index] == 'a' ? 'b' : 'a';
            Assert.Equal(isSupported, Fingerprint.TryCompute(token[..index] + other + token[(index + 1)..], out var changed));
            Assert.True(!isSupported || seen.Add(changed), $"A change at {index} is not told.");
        }
    }

    [Fact]
    public void TryCompute_another_process_gives_another()
    {
        string token = NewToken();
        bool isSupported = Fingerprint.TryCompute(token, out var here);
        new TokenFingerprint(RandomNumberGenerator.GetBytes(TokenFingerprint.RandomLength)).TryCompute(token, out var there);

        Assert.True(!isSupported || here != there);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(KeyToken.Length - 1)]
    [InlineData(KeyToken.Length + 1)]
    [InlineData(100_000)]
    public void TryCompute_another_length_is_not_done(int length) => Assert.False(Fingerprint.TryCompute(new string('a', length), out _));

    [Fact]
    public void TryCompute_other_characters_are_not_done() =>
        Assert.False(Fingerprint.TryCompute(new string('\u0161', KeyToken.Length), out _));

    private static string NewToken() => KeyToken.Create(
        KeyToken.CreateId(RandomNumberGenerator.GetBytes(KeyToken.IdRandomLength)), RandomNumberGenerator.GetBytes(KeyToken.SecretRandomLength));
}
