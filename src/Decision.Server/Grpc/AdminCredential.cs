using System.Security.Cryptography;
using System.Text;

namespace Decision.Server.Grpc;

/// <summary>The credential of admin calls. Only its hash is held, and compared in constant time.</summary>
internal sealed class AdminCredential(string secret)
{
    private const string Bearer = "Bearer ";
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>What is wrong with the values that a caller sent under the credential's two names; null = it is the credential.</summary>
    /// <param name="authorization">Every value of <c>authorization</c>.</param>
    /// <param name="tyk">Every value of <c>x-tyk-authorization</c>.</param>
    public string? Problem(IReadOnlyList<string> authorization, IReadOnlyList<string> tyk)
    {
        if (authorization.Count + tyk.Count == 0)
        {
            return "This call needs the admin credential: send the metadata 'authorization: Bearer <secret>' or 'x-tyk-authorization: <secret>'.";
        }

        // With two values, two readers could take a different one for the credential.
        if (authorization.Count + tyk.Count > 1)
        {
            return "The admin credential was sent more than once: send it in one of 'authorization' and 'x-tyk-authorization', once.";
        }

        string? presented = tyk.Count == 1 ? tyk[0]
            : authorization[0].StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[0][Bearer.Length..]
            : null;
        return presented is null ? "The admin credential must be sent as 'authorization: Bearer <secret>'."
            : Matches(presented) ? null
            : "The admin credential is wrong.";
    }

    /// <summary>Whether the values of a header that holds the bare secret are the credential: exactly one, for two readers could take a different one.</summary>
    public bool IsSecret(IReadOnlyList<string?> values) => values is [{ } only] && Matches(only);

    private bool Matches(string presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        return CryptographicOperations.FixedTimeEquals(_hash, hash);
    }
}
