using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Decision.Engine;
using Decision.Engine.Json;

namespace Decision.Runtime.Catalogs;

/// <summary>A number of everything that decisions go by, for comparing replicas: the same contents have the same number, wherever they were read from.</summary>
internal static class CatalogRevision
{
    // What a double, as metrics have it, holds exactly.
    private const long Mask = (1L << 52) - 1;

    /// <summary>Costs as much as writing all of them out: to be computed once for a set.</summary>
    public static long Of(RuleSet rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);

        // The order of a set does not count: what is added up has none.
        long sum = 0;
        foreach (var entry in rules.Policies.Entries)
        {
            sum += Hash(writer, buffer, 1, entry.Policy, PolicyJson.Write);
        }

        foreach (var entry in rules.Apis.Entries)
        {
            sum += Hash(writer, buffer, 2, entry.Api, ApiJson.Write);
        }

        foreach (var entry in rules.Organizations.Entries)
        {
            sum += Hash(writer, buffer, 3, entry.Organization, OrganizationJson.Write);
        }

        return sum & Mask;
    }

    private static long Hash<T>(Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer, byte kind, T value, Action<Utf8JsonWriter, T> write)
    {
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer, value);
        writer.Flush();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash) * (2 * kind + 1);
    }
}
