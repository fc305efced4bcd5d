using System.Buffers.Binary;
using System.Globalization;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Benchmarks.Scale;

/// <summary>
/// Keys and policies by their numbers: every key has the policy <see cref="Everyone"/> with rate and quota, and one of the others, which grants
/// an API more. So there are as many different lists of policies as there are other policies.
/// </summary>
internal sealed class ScaleWorld(int keys, int policies)
{
    public const string Everyone = "everyone";

    /// <summary>An API that no key is granted.</summary>
    public const string ApiOfNobody = "api-of-nobody";

    private const int KeysInTransaction = 50_000;

    public int Keys => keys;

    /// <summary>The text of a key.</summary>
    public static string TokenOf(int number) => KeyToken.Create(IdOf(number), Bytes(number, KeyToken.SecretRandomLength));

    /// <summary>Makes the database, in the tables that the server makes; through the server itself each key would be a write of its own to the disk.</summary>
    public async Task SeedAsync(string path)
    {
        using var database = new SqliteDatabase(path);
        database.Open();
        await database.WriteAsync(SeedPolicies, CancellationToken.None);
        for (int first = 0; first < keys; first += KeysInTransaction)
        {
            int from = first;
            await database.WriteAsync(session => SeedKeys(session, from, Math.Min(keys, from + KeysInTransaction)), CancellationToken.None);
        }
    }

    private static string IdOf(int number) => KeyToken.CreateId(Bytes(number, KeyToken.IdRandomLength));

    // Spread over all ids, as random ones are, and the same each time.
    private static byte[] Bytes(int number, int length)
    {
        byte[] bytes = new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(number + 1) * 0x9E37_79B9_7F4A_7C15UL);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(length - sizeof(int)), number);
        return bytes;
    }

    private static string OtherOf(int number) => string.Create(CultureInfo.InvariantCulture, $"policy-{number}");

    private int SeedPolicies(SqliteSession session)
    {
        Put(session, Samples.Policy(Everyone, 1));
        for (int number = 0; number < policies - 1; number++)
        {
            var limits = Samples.Policy(OtherOf(number), 2);
            Put(session, limits with { Partitions = new Partitions { Acl = true } });
        }

        return policies;
    }

    private static void Put(SqliteSession session, Policy policy)
    {
        byte[] json = DocumentFormat.Write(policy);
        session.Execute(
            "INSERT INTO documents (kind, id, revision, etag, json, changed_us) VALUES ($0, $1, 1, $2, $3, 1)",
            (long)DocumentKind.Policy, policy.Id, policy.Id, json);
        session.Execute(
            "INSERT INTO revisions (kind, id, revision, change, json, changed_us) VALUES ($0, $1, 1, 'create', $2, 1)",
            (long)DocumentKind.Policy, policy.Id, json);
    }

    private int SeedKeys(SqliteSession session, int from, int until)
    {
        byte[] hash = new byte[KeyHash.ByteLength];
        for (int number = from; number < until; number++)
        {
            KeyHasher.Sha256(TokenOf(number), hash);
            var record = new KeyRecord
            {
                Key = new Key { Id = IdOf(number), ApplyPolicies = [Everyone, OtherOf(number % (policies - 1))], DateCreatedUs = 1_790_000_000_000_000 },
                Hashes = [new KeyHash(KeyHashScheme.Sha256, [.. hash])],
                Version = (ulong)number + 1,
            };
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
