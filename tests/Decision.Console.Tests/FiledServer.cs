namespace Decision.Console.Tests;

/// <summary>A server whose policies and APIs come from files, with its database in a file and many settings.</summary>
public sealed class FiledServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private FiledServer()
    {
        Policies = _folder.Write("policies.json", """{ "filed": { "org_id": "acme", "rate": 1, "per": 1, "access_rights": { "filed-api": { "api_id": "filed-api" } } } }""");
        Apis = _folder.Write("apis.json", """[ { "api_id": "filed-api", "listen_path": "/filed" } ]""");
        Database = Path.Combine(_folder.Path, "filed.db");
    }

    public string Policies { get; }

    public string Apis { get; }

    public string Database { get; }

    public Running Server { get; private set; } = null!;

    public static async Task<FiledServer> StartAsync()
    {
        var filed = new FiledServer();
        filed.Server = await Running.StartAsync(
            $"--Storage:Path={filed.Database}", "--policies:policy_source=file", $"--policies:policy_record_name={filed.Policies}", $"--apis:record_name={filed.Apis}",
            "--Secrets:Key=hidden-key-0123456789",
            "--Events:QuotaThresholds=80,100", "--Events:Webhook:Address=http://127.0.0.1:9/hidden-path?a=hidden-query", "--Events:Webhook:Secret=hidden-secret-0123456789",
            "--Telemetry:Headers=x-token=hidden-token", "--Telemetry:Endpoint=http://127.0.0.1:9", "--Cache:Keys=777");
        return filed;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
