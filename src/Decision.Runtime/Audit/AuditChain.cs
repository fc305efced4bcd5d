using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Audit;

/// <summary>
/// The hashes that hold the log together: SHA-256 of the hash before (its 64 hexadecimal digits), the sequence and the time (each 8 bytes,
/// big-endian), and the entry's bytes. Without a key, so that anybody can check an export.
/// </summary>
internal static class AuditChain
{
    /// <summary>The record that follows a place.</summary>
    public static AuditRecord Next(AuditHead before, long atUs, ReadOnlyMemory<byte> entry)
    {
        var record = new AuditRecord(before.Sequence + 1, atUs, "", entry);
        return record with { Hash = HashOf(before.Hash, record) };
    }

    /// <summary>What is wrong with a record that should follow a place; null = nothing.</summary>
    public static string? Problem(AuditHead before, AuditRecord record) =>
        record.Sequence != before.Sequence + 1 ? $"entry {before.Sequence + 1} is missing"
        : record.Hash != HashOf(before.Hash, record) ? $"entry {record.Sequence} is not what was written, or what was before it is not"
        : record.AtUs < before.AtUs ? $"entry {record.Sequence} is older than the one before it"
        : null;

    private static string HashOf(string before, AuditRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(before));
        Span<byte> numbers = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(numbers, record.Sequence);
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(long)..], record.AtUs);
        hash.AppendData(numbers);
        hash.AppendData(record.Entry.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
