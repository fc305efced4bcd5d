using System.Globalization;
using Decision.Engine.Signatures;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Signatures;

public sealed class HttpSignatureVerifyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("hmac-sha1")]
    [InlineData("hmac-sha256")]
    [InlineData("hmac-sha384")]
    [InlineData("hmac-sha512")]
    [InlineData("HMAC-SHA512")]
    public void Verify_every_algorithm(string? algorithm) => Assert.Null(new SignedRequest { Algorithm = algorithm }.Problem());

    [Fact]
    public void Verify_fixed_vector()
    {
        // openssl dgst -sha1 -hmac secret -binary over "date: Sun, 06 Nov 1994 08:49:37 GMT", in base64.
        SignedRequest request = new() { Algorithm = null, Listed = null, Secret = "secret", Signature = "0TL/e3ZaQQZnQhaCEUwS0WocV8k=" };
        Assert.Null(request.Problem());
    }

    [Fact]
    public void Verify_signature_text_escaped_in_either_case_or_plain()
    {
        // A value whose base64 has all three characters that are escaped.
        SignedRequest request = new();
        for (int i = 0; !HasAll(Convert.ToBase64String(request.Mac())); i++)
        {
            string value = "v" + i.ToString(CultureInfo.InvariantCulture);
            request = new SignedRequest
            {
                Headers = [new("date", SignedRequest.DateText), new("x-test", value)],
                Text = $"(request-target): get /orders/1?full=true\ndate: {SignedRequest.DateText}\nx-test: {value}",
            };
        }

        string plain = Convert.ToBase64String(request.Mac());
        string escaped = plain.Replace("+", "%2B", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);
        Assert.Null((request with { Signature = plain }).Problem());
        Assert.Null((request with { Signature = escaped }).Problem());
        Assert.Null((request with { Signature = escaped.Replace("%2B", "%2b", StringComparison.Ordinal).Replace("%2F", "%2f", StringComparison.Ordinal).Replace("%3D", "%3d", StringComparison.Ordinal) }).Problem());

        static bool HasAll(string text) => text.Contains('+', StringComparison.Ordinal) && text.Contains('/', StringComparison.Ordinal) && text.Contains('=', StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("abc")]
    [InlineData("abcd%2")]
    [InlineData("abcd%zz")]
    [InlineData("%C3%A9===")]
    [InlineData("eA ==")]
    [InlineData("eA==\t")]
    [InlineData("eB==")]
    [InlineData("eA")]
    [InlineData("e_-=")]
    public void Verify_bad_base64_is_named(string signature) =>
        Assert.Equal("The signature is not base64, plain or URL-escaped.", new SignedRequest { Signature = signature }.Problem());

    [Fact]
    public void Verify_signature_of_another_length_is_named()
    {
        byte[] sha1 = new SignedRequest { Algorithm = "hmac-sha1" }.Mac();
        Assert.Equal(
            "The signature has 20 bytes; its algorithm makes 32.",
            new SignedRequest { Signature = Convert.ToBase64String(sha1) }.Problem());
        Assert.Contains("not base64", new SignedRequest { Signature = new string('A', 8000) }.Problem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa-sha256", "certificates are not kept here")]
    [InlineData("RSA-SHA1", "certificates are not kept here")]
    [InlineData("hs2019", "algorithm is not known")]
    [InlineData("hmac-md5", "algorithm is not known")]
    [InlineData("none", "algorithm is not known")]
    [InlineData("hmac-sha256 ", "algorithm is not known")]
    public void Verify_another_algorithm_is_named(string algorithm, string part) =>
        Assert.Contains(part, new SignedRequest { Algorithm = algorithm }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Verify_a_key_without_secret_is_named() =>
        Assert.Contains("has no hmac_string", new SignedRequest { Secret = "" }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Verify_nothing_parsed_is_refused()
    {
        Assert.False(HttpSignature.Verify(default, "secret", "GET", "/", [], 0, 0, out string? problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("GET /", "method")]
    [InlineData("", "method")]
    [InlineData("GE\nT", "method")]
    public void Verify_method_that_is_no_token_is_refused(string method, string part) =>
        Assert.Contains(part, new SignedRequest { Method = method }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Verify_method_and_names_in_any_case_and_values_trimmed_and_joined()
    {
        SignedRequest request = new()
        {
            Method = "gEt",
            Listed = "(Request-Target) DATE X-Test",
            Headers = [new("x-TEST", " a\t"), new("other", "unsigned"), new("dAte", " " + SignedRequest.DateText), new("X-Test", ""), new("X-Test", "b  c")],
            Text = $"(request-target): get /orders/1?full=true\ndate: {SignedRequest.DateText}\nx-test: a, , b  c",
        };
        Assert.Null(request.Problem());
        Assert.Contains("does not match", (request with { Headers = [.. request.Headers.Reverse()] }).Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_order_of_the_list_is_the_order_signed()
    {
        SignedRequest request = new() { Listed = "x-test date", Text = $"x-test: a value\ndate: {SignedRequest.DateText}" };
        Assert.Null(request.Problem());
        Assert.Contains("does not match", (request with { Listed = "date x-test" }).Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_text_beyond_ascii_is_signed_as_utf8()
    {
        SignedRequest request = new()
        {
            Secret = "clé-😀",
            Headers = [new("date", SignedRequest.DateText), new("x-test", "naïve 😀")],
            Text = $"(request-target): get /orders/1?full=true\ndate: {SignedRequest.DateText}\nx-test: naïve 😀",
        };
        Assert.Null(request.Problem());
        // Both broken values would be the same replacement character in UTF-8.
        SignedRequest broken = request with
        {
            Headers = [new("date", SignedRequest.DateText), new("x-test", "\ud800")],
            Text = $"(request-target): get /orders/1?full=true\ndate: {SignedRequest.DateText}\nx-test: \ufffd",
        };
        Assert.Contains("does not match", broken.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_listed_header_missing_is_named()
    {
        SignedRequest request = new() { Headers = [new("Date", SignedRequest.DateText)] };
        Assert.Equal("The signature covers the header x-test, but the request does not have it.", request.Problem());
        Assert.Equal("The signature covers the header date, but the request does not have it.", (request with { Listed = null, Headers = [] }).Problem());
        Assert.Equal(
            "The signature covers the header x-aux-date, but the request does not have it.",
            (request with { Listed = "date x-aux-date" }).Problem());
    }

    [Fact]
    public void Verify_control_character_cannot_smuggle_a_signed_line()
    {
        string text = $"(request-target): get /orders/1?full=true\ndate: {SignedRequest.DateText}\nx-test: a\nx-admin: true";
        SignedRequest honest = new()
        {
            Listed = "(request-target) date x-test x-admin",
            Headers = [new("Date", SignedRequest.DateText), new("X-Test", "a"), new("X-Admin", "true")],
            Text = text,
        };
        Assert.Null(honest.Problem());
        SignedRequest smuggled = new() { Headers = [new("Date", SignedRequest.DateText), new("X-Test", "a\nx-admin: true")], Text = text };
        Assert.Equal("The value of the header x-test contains a control character, so that it cannot be signed.", smuggled.Problem());
        Assert.Equal(
            "The request's path contains a control character, so that it cannot be signed.",
            new SignedRequest { Path = "/a\r\nx: y" }.Problem());
        Assert.Contains(
            "path contains a control character",
            new SignedRequest { Path = "/a%0Adate: x", Target = RequestTargetForm.DecodedPath }.Problem(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_auxiliary_date_takes_the_place_of_the_date()
    {
        SignedRequest request = new()
        {
            Listed = null,
            Headers = [new("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), new("X-Aux-Date", SignedRequest.DateText)],
            Text = $"x-aux-date: {SignedRequest.DateText}",
        };
        Assert.Null(request.Problem());
        Assert.Null((request with { Listed = "x-aux-date" }).Problem());
        Assert.Null((request with { Headers = [request.Headers[1]] }).Problem());
        Assert.Contains("does not match", (request with { Headers = [new("Date", SignedRequest.DateText)] }).Problem(), StringComparison.Ordinal);
        // An empty one is as if it were not there.
        Assert.Null((request with { Headers = [new("X-Aux-Date", " "), new("Date", SignedRequest.DateText)], Text = $"date: {SignedRequest.DateText}" }).Problem());
        // Added by somebody else to freshen an old request, it breaks the signature.
        SignedRequest old = new() { NowUs = SignedRequest.DateUs + 86_400_000_000 };
        Assert.Contains("does not match", (old with { Headers = [.. old.Headers, new("x-aux-date", "Mon, 07 Nov 1994 08:49:37 GMT")] }).Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_request_target_is_path_and_query_as_received()
    {
        SignedRequest request = new() { Path = "/a%2Fb%20c?x=1", Text = $"(request-target): get /a%2Fb%20c?x=1\ndate: {SignedRequest.DateText}\nx-test: a value" };
        Assert.Null(request.Problem());
        Assert.Contains("does not match", (request with { Path = "/a/b%20c?x=1" }).Problem(), StringComparison.Ordinal);
        Assert.Contains("does not match", (request with { Path = "/a%2Fb%20c" }).Problem(), StringComparison.Ordinal);
        Assert.Contains("does not match", (request with { Target = RequestTargetForm.DecodedPath }).Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_request_target_in_tyks_form_is_the_decoded_path()
    {
        SignedRequest request = new()
        {
            Path = "/a%2Fb%20c?x=1",
            Target = RequestTargetForm.DecodedPath,
            Text = $"(request-target): get /a/b c\ndate: {SignedRequest.DateText}\nx-test: a value",
        };
        Assert.Null(request.Problem());
        Assert.Null((request with { Path = "/a/b c" }).Problem());
        Assert.Contains("does not match", (request with { Target = RequestTargetForm.PathAndQuery }).Problem(), StringComparison.Ordinal);
    }

    [Property]
    public void Verify_any_single_character_of_the_request_changed_is_refused(char replacement)
    {
        SignedRequest request = new();
        string[] parts = [request.Secret, request.Method, request.Path, request.Headers[0].Value, request.Headers[1].Value, Convert.ToBase64String(request.Mac())];
        for (int part = 0; part < parts.Length; part++)
        {
            for (int i = 0; i < parts[part].Length; i++)
            {
                foreach (char other in (ReadOnlySpan<char>)[replacement, 'A', 'b', '0', '=', ' ', '\t', '\n', '%', '/', (char)(parts[part][i] ^ 1), (char)(parts[part][i] ^ 0x20)])
                {
                    // A method is the same method in either case.
                    if (other == parts[part][i] || (part == 1 && (other ^ 0x20) == parts[part][i]) || (part == 5 && other is '"' or '\\'))
                    {
                        continue;
                    }

                    string[] changed = [.. parts];
                    changed[part] = string.Concat(parts[part].AsSpan(0, i), [other], parts[part].AsSpan(i + 1));
                    Assert.True(HttpSignature.TryParse(request.Authorization(), out SignatureParameters parameters, out _));
                    SignedHeader[] headers = [new("date", changed[3]), new("x-test", changed[4])];
                    bool valid = HttpSignature.Verify(
                        parameters with { Signature = changed[5] }, changed[0], changed[1], changed[2], headers, request.NowUs, request.ClockSkewUs, out string? problem);
                    Assert.False(valid, $"part {part}, character {i} is {(int)other}");
                    Assert.NotNull(problem);
                }
            }
        }
    }

    [Fact]
    public void Verify_any_bit_of_the_signature_flipped_is_refused()
    {
        foreach (string algorithm in (string[])["hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512"])
        {
            SignedRequest request = new() { Algorithm = algorithm };
            byte[] mac = request.Mac();
            for (int bit = 0; bit < mac.Length * 8; bit++)
            {
                byte[] flipped = [.. mac];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Contains("does not match", (request with { Signature = Convert.ToBase64String(flipped) }).Problem(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Verify_problem_shows_neither_secret_nor_expected_signature()
    {
        SignedRequest request = new() { Signature = Convert.ToBase64String(new byte[32]) };
        string? problem = request.Problem();
        Assert.NotNull(problem);
        Assert.DoesNotContain(request.Secret, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(request.Mac()), problem, StringComparison.Ordinal);
    }
}
