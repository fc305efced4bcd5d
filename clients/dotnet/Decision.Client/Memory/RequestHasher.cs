using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Decision.Client.Memory;

/// <summary>
/// Makes fingerprints by HMAC-SHA-256 under a key that this process made up. Each field goes in with its length, so that no two requests
/// share a text.
/// </summary>
internal sealed class RequestHasher
{
    private const int LengthBytes = sizeof(int);
    private const int FieldCount = 8;
    private const int Numbers = sizeof(long) + sizeof(int) + sizeof(int);
    private const int OnStack = 1024;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>Everything but the request id, which changes nothing, and <c>peek</c> and <c>idempotency_key</c>, which are not remembered.</summary>
    public RequestFingerprint Hash(AuthorizationRequest request)
    {
        // A query decides nothing, so that a client that varies it does not get round the memory; but a signature covers it.
        var path = request.Path.AsSpan();
        int query = request.Headers.Count == 0 ? path.IndexOf('?') : -1;
        path = query >= 0 ? path[..query] : path;
        string method = request.Method.ToUpperInvariant();
        int length = Numbers + (LengthBytes * (FieldCount + (2 * request.Headers.Count)))
            + (sizeof(char) * (request.ApiKey.Length + request.ApiId.Length + request.ApiVersion.Length + request.Host.Length + method.Length
                + path.Length + request.ClientIp.Length + request.OrganizationId.Length));
        foreach (var header in request.Headers)
        {
            length += sizeof(char) * (header.Name.Length + header.Value.Length);
        }

        byte[]? rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented ?? stackalloc byte[OnStack];
        try
        {
            int at = 0;
            Add(buffer, ref at, request.ApiKey);
            Add(buffer, ref at, request.ApiId);
            Add(buffer, ref at, request.ApiVersion);
            Add(buffer, ref at, request.Host);
            Add(buffer, ref at, method);
            Add(buffer, ref at, path.IsEmpty ? "/" : path);
            Add(buffer, ref at, request.ClientIp);
            Add(buffer, ref at, request.OrganizationId);
            foreach (var header in request.Headers)
            {
                Add(buffer, ref at, header.Name);
                Add(buffer, ref at, header.Value);
            }

            BinaryPrimitives.WriteInt64LittleEndian(buffer[at..], Math.Max(1, request.Cost));
            at += sizeof(long);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[at..], request.QueryDepth ?? -1);
            at += sizeof(int);
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(_key, buffer[..at], hash);
            var parts = MemoryMarshal.Cast<byte, ulong>(hash);
            return new RequestFingerprint(parts[0], parts[1], parts[2], parts[3]);
        }
        finally
        {
            // It holds the key in clear.
            CryptographicOperations.ZeroMemory(buffer);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static void Add(Span<byte> buffer, ref int at, ReadOnlySpan<char> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer[at..], text.Length);
        at += LengthBytes;
        var bytes = MemoryMarshal.AsBytes(text);
        bytes.CopyTo(buffer[at..]);
        at += bytes.Length;
    }
}
