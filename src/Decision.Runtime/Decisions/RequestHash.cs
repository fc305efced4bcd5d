using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine;

namespace Decision.Runtime.Decisions;

/// <summary>What an idempotency key is bound to. The same in every process, so that replicas agree.</summary>
internal static class RequestHash
{
    public static ulong Of(in AccessRequest request)
    {
        // The lengths keep two fields from being read as two others.
        var text = new StringBuilder(128);
        foreach (string? part in (ReadOnlySpan<string?>)
            [request.ApiId, request.Host, request.ApiVersion, request.Method, request.Path, request.OrganizationId])
        {
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part};");
        }

        text.Append(CultureInfo.InvariantCulture, $"{request.Units};{request.QueryDepth}");
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
