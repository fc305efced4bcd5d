using System.Text;
using Decision.Engine.Credentials;
using Decision.Engine.Policies;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Benchmarks.Load;

/// <summary>What is asked about: policies whose limits are never reached, and keys of them; the same in each store.</summary>
/// <param name="database">The file of the embedded store, which is made.</param>
/// <param name="folder">Where the messages go.</param>
internal sealed class LoadWorld(string database, string folder)
{
    private const string BasePolicy = "policy-0";

    /// <summary>Files of the request by keys whose policies are others than the usual one.</summary>
    public const string FivePolicies = "five_policies.bin", OneUrl = "one_url.bin", FiftyUrls = "fifty_urls.bin";

    /// <summary>The database.</summary>
    public string Database => database;

    /// <summary>Arguments of h2load for forward auth.</summary>
    public IReadOnlyList<string> ForwardAuth { get; private set; } = [];

    /// <summary>The message for the first of the numbered keys, as gRPC sends it.</summary>
    public static byte[] Message => LoadMessages.Framed(LoadMessages.Of(SeededKeys.TokenOf(0)));

    /// <summary>The texts of the numbered keys, one after the other.</summary>
    public byte[] Tokens { get; private set; } = [];

    /// <summary><c>prepare DATABASE FOLDER</c>: makes the database, and the messages in the folder. The server is started on it afterwards.</summary>
    public static async Task<int> PrepareAsync(string[] args)
    {
        if (args is not [string database, string folder])
        {
            await Console.Error.WriteLineAsync("Write: prepare DATABASE FOLDER, the name of a file to make and of a folder for others.");
            return 1;
        }

        await new LoadWorld(Path.GetFullPath(database), folder).MakeAsync();
        return 0;
    }

    /// <summary>Makes the database and the messages.</summary>
    public async Task MakeAsync()
    {
        var house = await House.OpenAsync(database, folder: null);
        await using (house.ConfigureAwait(false))
        {
            string key = await house.AddKeyAsync([Samples.Policy(BasePolicy, 1)]);
            await LoadMessages.WriteAsync(folder, key);
            ForwardAuth = LoadMessages.ForwardAuth(key);
            await AddAsync(house, FivePolicies, [.. Enumerable.Range(0, 5).Select(number => Samples.Policy($"five-{number}", 20))]);
            await AddAsync(house, OneUrl, Samples.Policy("one-url", 1, urls: Samples.Urls(1)));
            await AddAsync(house, FiftyUrls, Samples.Policy("fifty-urls", 1, urls: Samples.Urls(50)));
        }
    }

    /// <summary>Adds keys that are known by their numbers to the database.</summary>
    public async Task AddNumberedAsync(int keys)
    {
        using var sqlite = new SqliteDatabase(database);
        sqlite.Open();
        await SeededKeys.AddAsync(sqlite, keys, RecordOf);
        Tokens = new byte[keys * KeyToken.Length];
        for (int number = 0; number < keys; number++)
        {
            Encoding.ASCII.GetBytes(SeededKeys.TokenOf(number), Tokens.AsSpan(number * KeyToken.Length));
        }
    }

    /// <summary>Adds the same keys to a Redis that has the policies.</summary>
    public async Task AddNumberedAsync(string redis, CancellationToken cancellation)
    {
        var house = await House.OpenRedisAsync(redis);
        await using (house.ConfigureAwait(false))
        {
            await SeededKeys.AddAsync(house.Service<IKeyStore>(), Tokens.Length / KeyToken.Length, RecordOf, cancellation);
        }
    }

    private static KeyRecord RecordOf(int number) => SeededKeys.RecordOf(number, BasePolicy);

    private async Task AddAsync(House house, string file, params Policy[] policies) =>
        await File.WriteAllBytesAsync(Path.Combine(folder, file), LoadMessages.Framed(LoadMessages.Of(await house.AddKeyAsync(policies))));
}
