using System.Globalization;
using Decision.Server.Tests.Redis;
using Decision.TestKit.Redis;
using Microsoft.Data.Sqlite;

namespace Decision.Server.Tests.Backups;

/// <summary>A server goes on with what an earlier version wrote.</summary>
public sealed class EarlierVersionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sqlite-layout-1.sql", 1)]
    [InlineData("sqlite-layout-2.sql", 2)]
    [InlineData("sqlite-layout-3.sql", 3)]
    public async Task Database_of_an_earlier_layout_is_brought_up_to_date_with_all_that_is_in_it(string file, long layout)
    {
        string[] lines = EarlierVersions.Lines(file);
        Load(lines, layout);
        await using var server = ServerProcess.Start(
            _folder.Path,
            "--Server:Grpc=127.0.0.1:0",
            "--Server:Http=127.0.0.1:0",
            "--Usage:Days=1",
            $"--Data:Path={_folder.Path}",
            $"--Secrets:Key={EarlierVersions.SecretsKey}",
            $"--Admin:Secret={RunningServer.Secret}");

        await EarlierVersions.AssertFoundAsync(lines, await server.ReadyAsync());

        server.Terminate();
        Assert.Equal(0, await server.ExitAsync());
        Assert.Equal(4L, Layout());
    }

    [Fact]
    public async Task Database_of_a_newer_layout_is_refused_and_left_as_it_is()
    {
        Load(EarlierVersions.Lines("sqlite-layout-2.sql"), 2);
        Run("PRAGMA user_version = 5");
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "decision.db"));
        await using var server = ServerProcess.Start(
            _folder.Path, "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", $"--Data:Path={_folder.Path}");

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("was written by a newer version of this server (its layout is 5, this version knows up to 4)", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "decision.db")));
    }

    [Fact]
    public async Task Redis_of_an_earlier_version_is_gone_on_with()
    {
        string[] lines = EarlierVersions.Lines("redis-layout-1.txt");
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        await LoadAsync(redis, lines);
        await using var replica = await Replica.StartAsync(redis.Address, "Redis:Timeout=5s", "Usage:Days=1", $"Secrets:Key={EarlierVersions.SecretsKey}");

        await EarlierVersions.AssertFoundAsync(lines, replica.Address);

        Assert.Equal("1", await redis.CommandAsync("GET", "decision:layout"));
    }

    [Fact]
    public async Task Redis_of_a_newer_layout_is_refused()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        await redis.CommandAsync("SET", "decision:layout", "2");
        await using var server = ServerProcess.Start(
            _folder.Path,
            "--Server:Grpc=127.0.0.1:0",
            "--Server:Http=127.0.0.1:0",
            "--Storage:Kind=redis",
            $"--Redis:Configuration={redis.Address}",
            $"--Data:Path={_folder.Path}");

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("was written by a newer version of this server (its layout is 2, this version knows up to 1)", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    private void Load(string[] lines, long layout)
    {
        Run(string.Join('\n', lines));
        Assert.Equal(layout, Layout());
    }

    private long Layout() => Do("PRAGMA user_version", command => (long)command.ExecuteScalar()!);

    private void Run(string sql) => Do(sql, command => command.ExecuteNonQuery());

    private T Do<T>(string sql, Func<SqliteCommand, T> run)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_folder.Path, "decision.db")};Pooling=False;Foreign Keys=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Files and constants of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return run(command);
    }

    // Each line: a name, what DUMP said of it in base64, and for how many milliseconds it is kept, where not for ever.
    private static async Task LoadAsync(RedisServer redis, string[] lines)
    {
        using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.Address);
        foreach (string[] parts in lines.Skip(1).Select(line => line.Split(' ')))
        {
            await connection.GetDatabase().KeyRestoreAsync(parts[0], Convert.FromBase64String(parts[1]), parts is [_, _, var kept] ? TimeSpan.FromMilliseconds(long.Parse(kept, CultureInfo.InvariantCulture)) : null);
        }
    }
}
