using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Console.Tests;

/// <summary>The server as a process, on free ports of loopback, with a data folder of its own.</summary>
public sealed class Running : IAsyncDisposable
{
    public const string Secret = "a-secret-for-tests-only";

    // It lives too briefly for what is measured while it runs, to be compiled better later, to pay.
    private static readonly Dictionary<string, string> Quick = new() { ["DOTNET_TieredPGO"] = "0" };

    private readonly TemporaryFolder _folder = new();
    private readonly ServerProcess _process;

    private Running(string[] settings) => _process = ServerProcess.StartWith(
        Quick,
        _folder.Path,
        [
            "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", $"--Data:Path={_folder.Path}", $"--Admin:Secret={Secret}", .. settings,
        ]);

    public string Http { get; private set; } = "";

    /// <summary>The console's address, with a slash at its end.</summary>
    public string Console => $"http://{Http}/console/";

    public GrpcChannel Channel { get; private set; } = null!;

    public string Output => _process.Output;

    public KeyService.KeyServiceClient Keys => new(Channel);

    public PolicyAdminService.PolicyAdminServiceClient Policies => new(Channel);

    public AdminCredentialService.AdminCredentialServiceClient Credentials => new(Channel);

    public static Metadata Admin => new() { { "authorization", "Bearer " + Secret } };

    /// <summary>Starts a server; settings such as <c>--Storage:Path=:memory:</c>.</summary>
    public static async Task<Running> StartAsync(params string[] settings)
    {
        var server = new Running(settings);
        server.Channel = GrpcChannel.ForAddress($"http://{await server._process.ReadyAsync()}");
        server.Http = await server._process.ReadyHttpAsync();
        return server;
    }

    /// <summary>Makes a policy for three requests in ten seconds and a thousand a day, on one API.</summary>
    public async Task CreatePolicyAsync(string id, string organization = "acme", int rate = 3, string api = "orders")
    {
        var policy = new Policy { Id = id, Name = "Named " + id, OrgId = organization, Rate = rate, Per = 10, QuotaMax = 1000, QuotaRenewalRate = 86400 };
        policy.AccessRights[api] = new AccessRight { ApiId = api };
        await Policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy }, Admin);
    }

    public async Task<CreateKeyResponse> CreateKeyAsync(string alias, string organization = "acme", params string[] policies) =>
        await Keys.CreateKeyAsync(
            new CreateKeyRequest { Key = new Key { OrgId = organization, Alias = alias, ApplyPolicies = { policies }, Tags = { "tests" } } }, Admin);

    public async Task<CreateAdminCredentialResponse> CreateCredentialAsync(string name, AdminRole role, params string[] organizations) =>
        await Credentials.CreateAdminCredentialAsync(
            new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = name, Role = role, Organizations = { organizations } } }, Admin);

    /// <summary>Asks for a decision.</summary>
    public async Task<AuthorizeResponse> AuthorizeAsync(string apiKey, string api = "orders", string path = "/orders/1") =>
        await new AuthorizeService.AuthorizeServiceClient(Channel).AuthorizeAsync(
            new AuthorizeRequest { ApiKey = apiKey, ApiId = api, Method = "GET", Path = path });

    /// <summary>What the audit log tells of an action, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(string action) =>
        [
            .. (await new AuditService.AuditServiceClient(Channel).ListAuditEntriesAsync(new ListAuditEntriesRequest { PageSize = 1000 }, Admin))
                .Entries.Where(entry => entry.Action == action),
        ];

    public async ValueTask DisposeAsync()
    {
        Channel?.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
