using System.Text.RegularExpressions;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Client.Tests.Sidecar;

/// <summary>A real server as a process, with policies in a file and keys made over its administration.</summary>
internal sealed partial class DecisionServer : IAsyncDisposable
{
    private const string Secret = "a-secret-for-tests-only";

    // Periods that no test outlives.
    private const string Policies = """
        {
          "rate": { "org_id": "acme", "rate": 2, "per": 3600, "quota_max": -1, "tags": ["small, but fine"], "access_rights": { "orders": { "api_id": "orders" } } },
          "quota": { "org_id": "acme", "rate": -1, "per": 1, "quota_max": 6, "quota_renewal_rate": 3600,
            "access_rights": { "orders": { "api_id": "orders" }, "reports": { "api_id": "reports" } } },
          "paths": { "org_id": "acme", "rate": -1, "per": 1, "quota_max": -1,
            "access_rights": { "orders": { "api_id": "orders", "allowed_urls": [{ "url": "/orders/open", "methods": ["GET"] }] } } }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ProgramProcess _process;

    private DecisionServer(string listen)
    {
        string policies = _folder.Write("policies.json", Policies);
        _process = ProgramProcess.Start(
            "ServerProgram",
            _folder.Path,
            GrpcAddress(),
            $"--Server:Grpc={listen}",
            "--Server:Http=127.0.0.1:0",
            $"--Admin:Secret={Secret}",
            "--Storage:Path=:memory:",
            "--Data:Path=" + _folder.Path,
            "--policies:policy_source=file",
            "--policies:policy_record_name=" + policies);
    }

    public string Address { get; private set; } = "";

    public static async Task<DecisionServer> StartAsync(string listen = "127.0.0.1:0")
    {
        var server = new DecisionServer(listen);
        server.Address = await server._process.ReadyAsync();
        return server;
    }

    /// <summary>Makes a key with policies; gives its text and id.</summary>
    public async Task<(string Key, string Id)> CreateKeyAsync(params string[] policies)
    {
        using var channel = GrpcChannel.ForAddress(Address);
        var made = await new KeyService.KeyServiceClient(channel).CreateKeyAsync(
            new CreateKeyRequest { Key = new Key { OrgId = "acme", Alias = "Zoë", ApplyPolicies = { policies } } },
            new Metadata { { "authorization", "Bearer " + Secret } });
        return (made.ApiKey, made.Key.KeyId);
    }

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@"Grpc (http://[0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex GrpcAddress();
}
