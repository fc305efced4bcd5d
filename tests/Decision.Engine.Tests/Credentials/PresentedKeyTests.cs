using Decision.Engine.Credentials;
using Decision.TestKit;

namespace Decision.Engine.Tests.Credentials;

public sealed class PresentedKeyTests
{
    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer abc", "abc")]
    [InlineData("bEaReR abc", "abc")]
    [InlineData("Bearer  abc ", " abc ")]
    [InlineData("Bearer Bearer abc", "Bearer abc")]
    [InlineData("Bearer: abc", "Bearer: abc")]
    [InlineData("Basic abc", "Basic abc")]
    [InlineData("Bearer", "Bearer")]
    [InlineData("Bearer\tabc", "Bearer\tabc")]
    [InlineData(" Bearer abc", " Bearer abc")]
    [InlineData("Signature", "Signature")]
    [InlineData("SignatureX keyId=\"a\"", "SignatureX keyId=\"a\"")]
    [InlineData("Bearer Signature keyId=\"a\",signature=\"b\"", "Signature keyId=\"a\",signature=\"b\"")]
    public void Read_a_key_is_what_stands_behind_Bearer_untrimmed(string presented, string expected)
    {
        Assert.Equal(PresentedKeyForm.Key, PresentedKey.Read(presented, out ReadOnlySpan<char> key));
        Assert.Equal(expected, key.ToString());
        Assert.Equal(expected, PresentedKey.WithoutBearer(presented).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    public void Read_nothing_is_no_key(string presented)
    {
        Assert.Equal(PresentedKeyForm.None, PresentedKey.Read(presented, out ReadOnlySpan<char> key));
        Assert.True(key.IsEmpty);
    }

    [Theory]
    [InlineData("Signature keyId=\"abc\",signature=\"eA==\"", "abc")]
    [InlineData("signature algorithm=hmac-sha256, signature=\"eA==\", KEYID = abc", "abc")]
    [InlineData("Signature keyId=\"a\\\"b\",signature=\"eA==\"", "a\"b")]
    [InlineData("Signature keyId=\"abc", "")]
    [InlineData("Signature ", "")]
    public void Read_a_signature_names_its_key(string presented, string expected)
    {
        Assert.Equal(PresentedKeyForm.Signature, PresentedKey.Read(presented, out ReadOnlySpan<char> key));
        Assert.Equal(expected, key.ToString());
    }

    [Fact]
    public void Read_longer_than_the_maximum_is_told_apart_and_not_read()
    {
        string longest = new('x', PresentedKey.MaximumLength);
        Assert.Equal(PresentedKeyForm.Key, PresentedKey.Read("Bearer " + longest, out ReadOnlySpan<char> key));
        Assert.Equal(longest, key.ToString());
        foreach (string text in (string[])[longest + "x", "Bearer " + longest + "x", new string('k', 102_400), "Signature keyId=\"" + longest + "\""])
        {
            Assert.Equal(PresentedKeyForm.TooLong, PresentedKey.Read(text, out key));
            Assert.True(key.IsEmpty);
        }
    }

    [Fact]
    public void Read_a_key_never_allocates()
    {
        string presented = "Bearer " + KeyToken.Create("0123456789ABCDEF", new byte[20]);

        Assert.Equal(0, Allocations.SteadyStateOf(() => PresentedKey.Read(presented, out _)));
    }

    [Theory]
    [InlineData("a-key-of-sixteen")]
    [InlineData("Bearer:abcdefghij")]
    [InlineData("Signature-abcdefgh")]
    [InlineData("DK_abcdefghijklmnop")]
    [InlineData("ключ-от-шлюза-😀-ключ")]
    [InlineData("with a space inside")]
    public void CustomKey_what_clients_can_send_is_usable(string text)
    {
        Assert.True(CustomKey.IsUsable(text, CustomKey.DefaultMinimumLength, out string? problem), problem);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("dk_abcdefghijklmnop", "begins with dk_")]
    [InlineData("bearer abcdefghijklmnop", "begins with \"Bearer \"")]
    [InlineData("signature abcdefghijklmnop", "begins with \"Signature \"")]
    [InlineData("fifteen-letters", "has 15 characters; Keys:MinimumCustomLength asks for at least 16")]
    [InlineData(" a-key-of-sixteen", "white space")]
    [InlineData("a-key-of-sixteen\n", "white space")]
    [InlineData("a-key\nof-sixteen-letters", "control character")]
    [InlineData("a-key\0of-sixteen-letters", "control character")]
    public void CustomKey_what_clients_cannot_send_is_refused_with_a_sentence(string text, string part)
    {
        Assert.False(CustomKey.IsUsable(text, CustomKey.DefaultMinimumLength, out string? problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
        if (text.Length > 0)
        {
            Assert.DoesNotContain(text, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CustomKey_too_long_or_with_a_broken_surrogate_is_refused()
    {
        Assert.True(CustomKey.IsUsable(new string('x', PresentedKey.MaximumLength), 16, out _));
        Assert.False(CustomKey.IsUsable(new string('x', PresentedKey.MaximumLength + 1), 16, out string? problem));
        Assert.Contains("has 8193 characters; at most 8192", problem, StringComparison.Ordinal);
        Assert.False(CustomKey.IsUsable("a-key-of-sixteen\ud800x", 16, out problem));
        Assert.Contains("broken surrogate", problem, StringComparison.Ordinal);
    }
}
