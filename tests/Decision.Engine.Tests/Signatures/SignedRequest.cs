using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Signatures;

namespace Decision.Engine.Tests.Signatures;

/// <summary>A request and its signature, made with the platform's HMAC directly.</summary>
internal sealed record SignedRequest
{
    // Sun, 06 Nov 1994 08:49:37 GMT, the example date of the HTTP standard.
    public const long DateUs = 784_111_777_000_000;
    public const string DateText = "Sun, 06 Nov 1994 08:49:37 GMT";

    public string KeyId { get; init; } = "dk_key";
    public string? Algorithm { get; init; } = "hmac-sha256";
    public string? Listed { get; init; } = "(request-target) date x-test";
    public string Secret { get; init; } = "the-shared-secret";
    public string Method { get; init; } = "GET";
    public string Path { get; init; } = "/orders/1?full=true";
    public IReadOnlyList<SignedHeader> Headers { get; init; } = [new("Date", DateText), new("X-Test", "a value")];
    public string Text { get; init; } = $"(request-target): get /orders/1?full=true\ndate: {DateText}\nx-test: a value";
    public string? Signature { get; init; }
    public long NowUs { get; init; } = DateUs;
    public long ClockSkewUs { get; init; } = HttpSignature.DefaultClockSkewUs;
    public RequestTargetForm Target { get; init; }

    public byte[] Mac()
    {
        byte[] secret = Encoding.UTF8.GetBytes(Secret);
        byte[] text = Encoding.UTF8.GetBytes(Text);
        return Algorithm?.ToLowerInvariant() switch
        {
            "hmac-sha256" => HMACSHA256.HashData(secret, text),
            "hmac-sha384" => HMACSHA384.HashData(secret, text),
            "hmac-sha512" => HMACSHA512.HashData(secret, text),
#pragma warning disable CA5350 // hmac-sha1 is the default that clients of this scheme sign with.
            _ => HMACSHA1.HashData(secret, text),
#pragma warning restore CA5350
        };
    }

    public string Authorization() =>
        $"Signature keyId=\"{KeyId}\""
        + (Algorithm is null ? "" : $",algorithm=\"{Algorithm}\"")
        + (Listed is null ? "" : $",headers=\"{Listed}\"")
        + $",signature=\"{Signature ?? Uri.EscapeDataString(Convert.ToBase64String(Mac()))}\"";

    public string? Problem()
    {
        Assert.True(HttpSignature.TryParse(Authorization(), out SignatureParameters parameters, out string? problem), problem);
        bool valid = HttpSignature.Verify(parameters, Secret, Method, Path, Headers, NowUs, ClockSkewUs, out problem, Target);
        Assert.Equal(valid, problem is null);
        return problem;
    }
}
