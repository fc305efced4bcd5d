using System.Buffers.Binary;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Benchmarks;

/// <summary>Keys by their numbers: the same each time, so that who measures knows their texts without asking a store.</summary>
internal static class SeededKeys
{
    private const int KeysInTransaction = 50_000;

    // So many writes of keys are under way at once: Redis is asked by one connection.
    private const int WritesAtOnce = 256;

    /// <summary>The text of a key.</summary>
    public static string TokenOf(int number) => KeyToken.Create(IdOf(number), Bytes(number, KeyToken.SecretRandomLength));

    /// <summary>Its id.</summary>
    public static string IdOf(int number) => KeyToken.CreateId(Bytes(number, KeyToken.IdRandomLength));

    /// <summary>What a store has of it.</summary>
    /// <param name="number">Which one.</param>
    /// <param name="policies">The ids of its policies.</param>
    public static KeyRecord RecordOf(int number, params ReadOnlySpan<string> policies)
    {
        byte[] hash = new byte[KeyHash.ByteLength];
        KeyHasher.Sha256(TokenOf(number), hash);
        return new KeyRecord
        {
            Key = new Key { Id = IdOf(number), ApplyPolicies = [.. policies], DateCreatedUs = 1_790_000_000_000_000 },
            Hashes = [new KeyHash(KeyHashScheme.Sha256, [.. hash])],
            Version = (ulong)number + 1,
        };
    }

    /// <summary>Adds keys in the tables that the server makes; through the server itself each key would be a write of its own to the disk.</summary>
    public static async Task AddAsync(SqliteDatabase database, int keys, Func<int, KeyRecord> recordOf)
    {
        for (int first = 0; first < keys; first += KeysInTransaction)
        {
            int from = first;
            await database.WriteAsync(session => Insert(session, from, Math.Min(keys, from + KeysInTransaction), recordOf), CancellationToken.None);
        }
    }

    /// <summary>Adds keys as the server does.</summary>
    public static async Task AddAsync(IKeyStore store, int keys, Func<int, KeyRecord> recordOf, CancellationToken cancellation) =>
        await Parallel.ForAsync(
            0,
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellation },
            async (number, cancel) =>
            {
                if (!await store.CreateAsync(recordOf(number), cancel))
                {
                    throw new InvalidOperationException($"The store has the key {number} already.");
                }
            });

    // Spread over all ids, as random ones are.
    private static byte[] Bytes(int number, int length)
    {
        byte[] bytes = new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(number + 1) * 0x9E37_79B9_7F4A_7C15UL);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(length - sizeof(int)), number);
        return bytes;
    }

    private static int Insert(SqliteSession session, int from, int until, Func<int, KeyRecord> recordOf)
    {
        for (int number = from; number < until; number++)
        {
            var record = recordOf(number);
            session.Execute(
                "INSERT INTO keys (id, version, record, organization_id, alias) VALUES ($0, $1, $2, '', '')",
                record.Key.Id, (long)record.Version, KeyRecordFormat.Write(record));
            foreach (string policy in record.Key.ApplyPolicies)
            {
                session.Execute("INSERT INTO key_policies (policy_id, key_id) VALUES ($0, $1)", policy, record.Key.Id);
            }
        }

        return until - from;
    }
}
