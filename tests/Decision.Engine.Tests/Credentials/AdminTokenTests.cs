using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Decision.Engine.Credentials;

namespace Decision.Engine.Tests.Credentials;

public sealed class AdminTokenTests
{
    private static readonly string Id = KeyToken.CreateId(SHA256.HashData("id"u8));
    private static readonly string Token = AdminToken.Create(Id, SHA256.HashData("secret"u8));

    [Fact]
    public void Create_gives_a_token_whose_id_reads_back_and_that_is_no_key()
    {
        Assert.Matches(new Regex(@"\Adka_[0-9A-Za-z]{16}_[0-9A-Za-z]{33}\z"), Token);
        Assert.True(AdminToken.LooksLike(Token));
        Assert.True(AdminToken.TryReadId(Token, out string id));
        Assert.Equal(Id, id);
        Assert.False(KeyToken.LooksLike(Token));
        Assert.False(AdminToken.LooksLike(KeyToken.Create(Id, SHA256.HashData("secret"u8))));
    }

    [Fact]
    public void TryReadId_with_any_character_changed_removed_or_added_is_refused()
    {
        for (int index = 0; index < Token.Length; index++)
        {
            char other = Token[index] == 'a' ? 'b' : 'a';
            Assert.False(AdminToken.TryReadId(Token[..index] + other + Token[(index + 1)..], out _));
            Assert.False(AdminToken.TryReadId(Token.Remove(index, 1), out _));
        }

        Assert.False(AdminToken.TryReadId(Token + "a", out _));
        Assert.False(AdminToken.TryReadId("", out _));
    }

    [Fact]
    public void Create_with_a_wrong_id_or_too_little_random_is_refused()
    {
        Assert.Throws<ArgumentException>(() => AdminToken.Create("short", new byte[20]));
        Assert.Throws<ArgumentException>(() => AdminToken.Create(Id, new byte[19]));
    }
}
