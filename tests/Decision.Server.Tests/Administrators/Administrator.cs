using System.Net.Http.Headers;
using System.Text;
using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Administrators;

/// <summary>Credentials of a running server, and calls with them.</summary>
internal static class Administrator
{
    public static AdminCredentialService.AdminCredentialServiceClient Credentials(this RunningServer server) => new(server.Channel);

    public static AuditService.AuditServiceClient Audit(this RunningServer server) => new(server.Channel);

    public static Metadata With(string token) => new() { { "authorization", "Bearer " + token } };

    /// <summary>Makes a credential; gives its token.</summary>
    public static async Task<string> TokenAsync(this RunningServer server, AdminRole role, params string[] organizations) =>
        (await server.CreateAsync(role, organizations)).Token;

    public static async Task<CreateAdminCredentialResponse> CreateAsync(this RunningServer server, AdminRole role, params string[] organizations) =>
        await server.Credentials().CreateAdminCredentialAsync(
            new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = "bob", Role = role, Organizations = { organizations } } },
            RunningServer.Admin);

    /// <summary>All entries that fit, newest first.</summary>
    public static async Task<List<AuditEntry>> EntriesAsync(this RunningServer server, ListAuditEntriesRequest? request = null) =>
        [.. (await server.Audit().ListAuditEntriesAsync(request ?? new ListAuditEntriesRequest { PageSize = 1000 }, RunningServer.Admin)).Entries];

    /// <summary>Calls Tyk's API with a secret; gives the status.</summary>
    public static async Task<HttpResponseMessage> TykAsync(this RunningServer server, string secret, string method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation(path.StartsWith("/api", StringComparison.Ordinal) ? "authorization" : "x-tyk-authorization", secret);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await server.Http.SendAsync(request);
    }
}
