using Decision.Engine.Signatures;

namespace Decision.Engine.Tests.Signatures;

public sealed class HttpSignatureParseTests
{
    [Theory]
    [InlineData("Signature keyId=\"k\",algorithm=\"hmac-sha256\",headers=\"date x-test\",signature=\"eA==\"")]
    [InlineData("signature keyId=\"k\",algorithm=\"hmac-sha256\",headers=\"date x-test\",signature=\"eA==\"")]
    [InlineData("SIGNATURE   signature=\"eA==\" ,\theaders = \"Date  X-Test\" , algorithm= hmac-sha256, KeyID =\"k\" ")]
    [InlineData("Signature ,keyId=k,,version=\"2\",created=17,created=18,algorithm=\"hmac-sha256\",headers=\" date x-test \",signature=\"e\\A==\",")]
    public void TryParse_any_order_space_case_and_unknown_parameters(string authorization)
    {
        Assert.True(HttpSignature.TryParse(authorization, out SignatureParameters parameters, out string? problem));
        Assert.Null(problem);
        Assert.Equal("k", parameters.KeyId);
        Assert.Equal("hmac-sha256", parameters.Algorithm);
        Assert.Equal(["date", "x-test"], parameters.Headers);
        Assert.Equal("eA==", parameters.Signature);
    }

    [Fact]
    public void TryParse_without_algorithm_and_headers_has_the_defaults()
    {
        Assert.True(HttpSignature.TryParse("Signature keyId=\"a, \\\"b\\\"\",signature=\"x\"", out SignatureParameters parameters, out _));
        Assert.Equal("a, \"b\"", parameters.KeyId);
        Assert.Equal("", parameters.Algorithm);
        Assert.Equal(["date"], parameters.Headers);
    }

    [Theory]
    [InlineData("", "does not begin with the scheme Signature")]
    [InlineData("Signature", "does not begin with the scheme Signature")]
    [InlineData("Bearer abc", "does not begin with the scheme Signature")]
    [InlineData("keyId=\"k\",signature=\"s\"", "does not begin with the scheme Signature")]
    [InlineData("Signature ", "has no keyId")]
    [InlineData("Signature signature=\"s\"", "has no keyId")]
    [InlineData("Signature keyId=\"\",signature=\"s\"", "has no keyId")]
    [InlineData("Signature keyId=\"k\"", "has no signature")]
    [InlineData("Signature keyId=\"k\",signature=\"\"", "has no signature")]
    [InlineData("Signature keyId=\"k\",signature=\"s", "the parameter signature has no closing quote")]
    [InlineData("Signature keyId=\"k\",signature=\"s\\", "the parameter signature has no closing quote")]
    [InlineData("Signature keyId=\"k\",signature=\"s\\\"", "the parameter signature has no closing quote")]
    [InlineData("Signature keyId=,signature=\"s\"", "the parameter keyId has no value")]
    [InlineData("Signature keyId=", "the parameter keyId has no value")]
    [InlineData("Signature keyId", "the parameter keyId is not of the form")]
    [InlineData("Signature keyId,signature=\"s\"", "the parameter keyId is not of the form")]
    [InlineData("Signature =\"k\"", "a parameter is not of the form")]
    [InlineData("Signature ключ=\"k\"", "a parameter is not of the form")]
    [InlineData("Signature keyId=\"k\" signature=\"s\"", "the parameter keyId is followed by something else than a comma")]
    [InlineData("Signature keyId=k\"x\",signature=\"s\"", "the parameter keyId is followed by something else than a comma")]
    [InlineData("Signature keyId=\"k\",keyid=\"l\",signature=\"s\"", "gives the parameter keyid twice")]
    [InlineData("Signature keyId=\"k\",signature=\"s\",signature=\"s\"", "gives the parameter signature twice")]
    [InlineData("Signature keyId=\"k\",algorithm=\"hmac-sha1\",algorithm=\"hmac-sha256\",signature=\"s\"", "gives the parameter algorithm twice")]
    [InlineData("Signature keyId=\"k\",headers=\"\",headers=\"date\",signature=\"s\"", "gives the parameter headers twice")]
    [InlineData("Signature keyId=\"k\",headers=\"\",signature=\"s\"", "headers is empty")]
    [InlineData("Signature keyId=\"k\",headers=\"  \",signature=\"s\"", "headers is empty")]
    [InlineData("Signature keyId=\"k\",headers=\"date Date\",signature=\"s\"", "lists date twice")]
    [InlineData("Signature keyId=\"k\",headers=\"(request-target) (Request-Target)\",signature=\"s\"", "lists (request-target) twice")]
    [InlineData("Signature keyId=\"k\",headers=\"(created)\",signature=\"s\"", "neither a header's name nor (request-target)")]
    [InlineData("Signature keyId=\"k\",headers=\"date, host\",signature=\"s\"", "neither a header's name nor (request-target)")]
    [InlineData("Signature keyId=\"k\",headers=\"date:\",signature=\"s\"", "neither a header's name nor (request-target)")]
    public void TryParse_malformed_says_which_part(string authorization, string part)
    {
        Assert.False(HttpSignature.TryParse(authorization, out SignatureParameters parameters, out string? problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.Equal(default, parameters);
    }

    [Fact]
    public void TryParse_at_and_above_its_limits()
    {
        string Listing(int count) => $"Signature keyId=\"k\",headers=\"{string.Join(' ', Enumerable.Range(0, count).Select(i => $"h{i}"))}\",signature=\"s\"";
        Assert.True(HttpSignature.TryParse(Listing(HttpSignature.MaximumHeaders), out _, out _));
        Assert.False(HttpSignature.TryParse(Listing(HttpSignature.MaximumHeaders + 1), out _, out string? problem));
        Assert.Contains("lists 65 headers; at most 64", problem, StringComparison.Ordinal);

        const string Start = "Signature signature=\"s\",keyId=";
        Assert.True(HttpSignature.TryParse(Start + new string('k', 8192 - Start.Length), out _, out _));
        Assert.False(HttpSignature.TryParse(Start + new string('k', 8193 - Start.Length), out _, out problem));
        Assert.Contains("has 8193 characters; at most 8192", problem, StringComparison.Ordinal);
        Assert.False(HttpSignature.TryParse(Start + new string('k', 102_400), out _, out _));
        Assert.False(HttpSignature.TryParse("Signature " + new string('n', 2000), out _, out problem));
        Assert.Contains("a parameter is not of the form", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_does_not_show_the_signature()
    {
        Assert.True(HttpSignature.TryParse("Signature keyId=\"k\",signature=\"c2lnbmF0dXJl\"", out SignatureParameters parameters, out _));
        Assert.Equal("Signature keyId=\"k\"", parameters.ToString());
    }
}
