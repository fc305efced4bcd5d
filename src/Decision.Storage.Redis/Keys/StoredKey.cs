using System.Buffers.Binary;
using Decision.Runtime.Stores;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Keys;

/// <summary>What the hash of a key holds of its record.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Version">Field <c>v</c>.</param>
/// <param name="Record">Field <c>r</c>.</param>
internal readonly record struct StoredKey(string Id, RedisValue Version, RedisValue Record)
{
    /// <summary>The fields, in the order of the constructor.</summary>
    public static RedisValue[] Fields { get; } = ["v", "r"];

    /// <summary>Whether there is a record, readable or not.</summary>
    public bool Exists => !Version.IsNull || !Record.IsNull;

    /// <summary>A version as it is stored.</summary>
    public static RedisValue BytesOf(ulong version)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, version);
        return bytes;
    }

    /// <summary>Reads the record; null where there is none.</summary>
    /// <exception cref="StoreException">It is damaged, or of a later format.</exception>
    public KeyRecord? Read()
    {
        if (!Exists)
        {
            return null;
        }

        KeyRecord record;
        try
        {
            record = KeyRecordFormat.Read(Record);
        }
        catch (StoreException error)
        {
            throw new StoreException($"Key {Id}: {error.Message}", error.InnerException);
        }

        // Each decision compares the version beside the record: with another one the key could never be used.
        return record.Key.Id == Id && Version == BytesOf(record.Version)
            ? record
            : throw new StoreException($"Key {Id}: the stored record is of another key or version. Restore Redis from a backup, or delete the key and create it anew.");
    }

    /// <summary>Reads the record; null where there is none that can be read.</summary>
    public KeyRecord? ReadOrNull()
    {
        try
        {
            return Read();
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
