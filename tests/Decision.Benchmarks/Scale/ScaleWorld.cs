using System.Globalization;
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

    public int Keys => keys;

    /// <summary>Makes the database.</summary>
    public async Task SeedAsync(string path)
    {
        using var database = new SqliteDatabase(path);
        database.Open();
        await database.WriteAsync(SeedPolicies, CancellationToken.None);
        await SeededKeys.AddAsync(database, keys, RecordOf);
    }

    private KeyRecord RecordOf(int number) => SeededKeys.RecordOf(number, Everyone, OtherOf(number % (policies - 1)));

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
}
