using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Decision.Engine.Credentials;

namespace Decision.Engine.Signatures;

/// <summary>
/// HTTP signatures with a shared secret: <c>Authorization: Signature keyId="...",algorithm="hmac-sha256",headers="(request-target) date",signature="..."</c>.
/// Every problem is a sentence for explanations and logs; none contains the secret or the expected signature. To the client all are SIGNATURE_INVALID.
/// </summary>
public static class HttpSignature
{
    /// <summary>How far the signed date may be from now where nothing else is configured.</summary>
    /// <value>300 s, in microseconds.</value>
    public const long DefaultClockSkewUs = 300_000_000;

    /// <summary>How many headers a signature may cover.</summary>
    public const int MaximumHeaders = 64;

    private const string Scheme = "Signature";

    /// <summary>Whether an Authorization header is meant as a signature: its scheme, in any case, and white space.</summary>
    public static bool HasScheme(ReadOnlySpan<char> authorization) =>
        authorization.Length > Scheme.Length && authorization[Scheme.Length] is ' ' or '\t'
        && Ascii.EqualsIgnoreCase(authorization[..Scheme.Length], Scheme);

    /// <summary>
    /// Reads the header: parameters in any order, names in any case, values quoted or bare; unknown parameters are ignored, repeated known
    /// ones refused. Whether algorithm and signature can be used is for <see cref="Verify"/> to say.
    /// </summary>
    public static bool TryParse(string authorization, out SignatureParameters parameters, out string? problem)
    {
        parameters = default;
        if (authorization.Length > PresentedKey.MaximumLength)
        {
            problem = $"The Authorization header has {authorization.Length} characters; at most {PresentedKey.MaximumLength} are read.";
            return false;
        }

        if (!HasScheme(authorization))
        {
            problem = "The Authorization header does not begin with the scheme Signature.";
            return false;
        }

        string? keyId = null, algorithm = null, headers = null, signature = null;
        SignatureParameterReader reader = new(authorization.AsSpan(Scheme.Length));
        while (reader.Read())
        {
            bool first = reader.Name.ToLowerInvariant() switch
            {
                "keyid" => SetOnce(ref keyId, reader.Value),
                "algorithm" => SetOnce(ref algorithm, reader.Value),
                "headers" => SetOnce(ref headers, reader.Value),
                "signature" => SetOnce(ref signature, reader.Value),
                _ => true,
            };
            if (!first)
            {
                problem = $"The Authorization header gives the parameter {reader.Name} twice.";
                return false;
            }
        }

        problem = reader.Problem ?? (string.IsNullOrEmpty(keyId) ? "The Authorization header has no keyId."
            : string.IsNullOrEmpty(signature) ? "The Authorization header has no signature." : null);
        if (problem is not null || !SignedHeaderList.TryRead(headers, out IReadOnlyList<string> names, out problem))
        {
            return false;
        }

        parameters = new SignatureParameters(keyId!, algorithm ?? "", names, signature!);
        return true;
    }

    /// <summary>Whether the signature was made with this secret over this request, compared in constant time.</summary>
    /// <param name="parameters">What <see cref="TryParse"/> read.</param>
    /// <param name="hmacSecret">The key's <c>hmac_string</c>.</param>
    /// <param name="method">The request's method; signed in lower case.</param>
    /// <param name="path">Path and query as received, signed as <paramref name="target"/> says.</param>
    /// <param name="headers">The request's headers, names in any case; repeated ones are joined by a comma and a space.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <param name="clockSkewUs">
    /// How far the signed date may be from <paramref name="nowUs"/> either way, in microseconds, itself included; see <see cref="DefaultClockSkewUs"/>.
    /// 0 or less = unlimited: a signature can then be replayed for ever, and the date need not be signed.
    /// </param>
    /// <param name="problem">Null where the signature is valid, else which part is not.</param>
    /// <param name="target">What a signed <c>(request-target)</c> names behind the method.</param>
    public static bool Verify(
        in SignatureParameters parameters,
        ReadOnlySpan<char> hmacSecret,
        string method,
        string path,
        IReadOnlyList<SignedHeader> headers,
        long nowUs,
        long clockSkewUs,
        out string? problem,
        RequestTargetForm target = RequestTargetForm.PathAndQuery)
    {
        Span<byte> received = stackalloc byte[SignatureAlgorithm.MaximumLength];
        problem = hmacSecret.IsEmpty ? "The key has no hmac_string to check the signature with: create the key with hmac_enabled." : null;
        if (problem is not null || !SignatureAlgorithm.TryFind(parameters.Algorithm ?? "", out HashAlgorithmName hash, out int length, out problem))
        {
            return false;
        }

        if (!SignatureText.TryDecode(parameters.Signature ?? "", received, out int receivedLength))
        {
            problem = "The signature is not base64, plain or URL-escaped.";
            return false;
        }

        if (receivedLength != length)
        {
            problem = $"The signature has {receivedLength} bytes; its algorithm makes {length}.";
            return false;
        }

        if (!HttpToken.IsToken(method))
        {
            problem = "The request's method is not a token, so that it cannot be signed.";
            return false;
        }

        string line = method.ToLowerInvariant() + " " + (target == RequestTargetForm.DecodedPath ? DecodePath(path) : path);
        if (!StringToSign.TryBuild(parameters.Headers ?? SignedHeaderList.Default, line, headers, out string text, out string? date, out problem))
        {
            return false;
        }

        // Before the date is believed, it must be known to be the signer's.
        if (!IsSignatureOf(text, hmacSecret, hash, received[..length]))
        {
            problem = "The signature does not match: the secret, or a signed header, the method or the path, is not the one that was signed.";
            return false;
        }

        problem = clockSkewUs > 0 ? CheckDate(date, nowUs, clockSkewUs) : null;
        return problem is null;
    }

    private static bool SetOnce(ref string? parameter, string value)
    {
        bool first = parameter is null;
        parameter ??= value;
        return first;
    }

    private static string DecodePath(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        return Uri.UnescapeDataString(query < 0 ? path : path[..query]);
    }

    private static bool IsSignatureOf(string text, ReadOnlySpan<char> secret, HashAlgorithmName hash, ReadOnlySpan<byte> received)
    {
        byte[] textBytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        byte[] secretBytes = new byte[Encoding.UTF8.GetMaxByteCount(secret.Length)];
        try
        {
            // Broken surrogates would all become the same replacement: two texts must never have one signature.
            if (Utf8.FromUtf16(text, textBytes, out _, out int textLength, replaceInvalidSequences: false) != OperationStatus.Done
                || Utf8.FromUtf16(secret, secretBytes, out _, out int secretLength, replaceInvalidSequences: false) != OperationStatus.Done)
            {
                return false;
            }

            Span<byte> expected = stackalloc byte[received.Length];
            SignatureAlgorithm.Sign(hash, secretBytes.AsSpan(0, secretLength), textBytes.AsSpan(0, textLength), expected);
            return CryptographicOperations.FixedTimeEquals(expected, received);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretBytes);
        }
    }

    private static string? CheckDate(string? date, long nowUs, long clockSkewUs)
    {
        if (date is null)
        {
            return "The signature does not cover date or x-aux-date, so that it could be replayed: list one of them in headers.";
        }

        if (!HttpDate.TryParse(date, out long dateUs))
        {
            return "The signed date is not an HTTP date such as \"Sun, 06 Nov 1994 08:49:37 GMT\".";
        }

        Int128 apart = Int128.Abs((Int128)nowUs - dateUs);
        return apart > clockSkewUs
            ? $"The signed date is {(apart + 999_999) / 1_000_000} s from this server's clock; at most {clockSkewUs / 1_000_000m} s are allowed."
            : null;
    }
}
