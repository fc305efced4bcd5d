using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

/// <summary>A server on a Redis of its own, which holds many keys.</summary>
public sealed class RedisConsole : IAsyncLifetime
{
    /// <summary>More than a list reads at once.</summary>
    public const int Keys = 3_000;

    private const string Password = "hidden-password";

    private readonly TemporaryFolder _folder = new();

    public RedisServer Redis { get; private set; } = null!;

    public Running Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync("--appendonly", "yes", "--requirepass", Password);
        Server = await StartAsync(_folder.Path, Keys, $"{Redis.Address},password={Password}", "--Redis:AdminTimeout=500ms");
    }

    /// <summary>Imports keys into a Redis, and starts a server on it.</summary>
    /// <param name="settings">Of the server alone: how long the import waits is not what is tried.</param>
    public static async Task<Running> StartAsync(string folder, int keys, string configuration, params string[] settings)
    {
        string[] store = ["--Storage:Kind=redis", $"--Redis:Configuration={configuration}"];
        string file = Path.Combine(folder, "keys.jsonl");
        await KeyFile.WriteAsync(file, keys);
        await using var import = ServerProcess.Start(folder, ["import", file, $"--Data:Path={folder}", .. store]);
        Assert.True(await import.ExitAsync() == 0, import.Output);
        var server = await Running.StartAsync([.. store, .. settings]);
        await server.CreatePolicyAsync("gold");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        _folder.Dispose();
    }
}
