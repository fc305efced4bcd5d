using Decision.Client.Admin;
using Decision.Client.Calls;
using Decision.Client.Mapping;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decision.Client;

/// <summary>
/// Administers the service over gRPC, by the messages of <c>Decision.Contracts</c>. One of it serves a whole program, from
/// any number of threads. Calls throw <see cref="DecisionRequestException"/> with every field that is wrong, <see cref="DecisionCredentialException"/>,
/// <see cref="DecisionStateException"/> or <see cref="DecisionUnavailableException"/>. A call is never repeated once it was sent.
/// </summary>
public sealed class DecisionAdminClient : IDisposable
{
    private readonly ServiceCalls _calls;
    private readonly AuthorizeService.AuthorizeServiceClient _authorize;

    /// <summary>Makes a client. It connects with its first call.</summary>
    /// <param name="options">The settings; later changes of them have no effect.</param>
    /// <param name="time">The clock by which addresses that failed are looked after; null = the system's.</param>
    /// <param name="log">Where to tell of an address that fails; null = nowhere.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Options are wrong; each is named, with what to write.</exception>
    public DecisionAdminClient(DecisionAdminOptions options, TimeProvider? time = null, ILogger<DecisionAdminClient>? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string secret = AdminOptionsRules.Require(options);
        var connection = new DecisionClientOptions { Address = options.Address, Token = secret };
        (connection.Tls.CaFile, connection.Tls.CertificateFile, connection.Tls.KeyFile, connection.Tls.ServerName) =
            (options.Tls.CaFile, options.Tls.CertificateFile, options.Tls.KeyFile, options.Tls.ServerName);
        _calls = new ServiceCalls(connection, time ?? TimeProvider.System, log ?? NullLogger<DecisionAdminClient>.Instance, typeof(DecisionAdminClient));
        var invoker = new AdminInvoker(_calls, options.Deadline);
        Keys = new KeyService.KeyServiceClient(invoker);
        Policies = new PolicyAdminService.PolicyAdminServiceClient(invoker);
        Apis = new ApiAdminService.ApiAdminServiceClient(invoker);
        Organizations = new OrganizationAdminService.OrganizationAdminServiceClient(invoker);
        Credentials = new AdminCredentialService.AdminCredentialServiceClient(invoker);
        Audit = new AuditService.AuditServiceClient(invoker);
        Activity = new ActivityService.ActivityServiceClient(invoker);
        Backups = new BackupService.BackupServiceClient(invoker);
        _authorize = new AuthorizeService.AuthorizeServiceClient(invoker);
    }

    /// <summary>Keys, their secrets and their use.</summary>
    public KeyService.KeyServiceClient Keys { get; }

    /// <summary>Policies, their revisions, checks.</summary>
    public PolicyAdminService.PolicyAdminServiceClient Policies { get; }

    /// <summary>The API registry.</summary>
    public ApiAdminService.ApiAdminServiceClient Apis { get; }

    /// <summary>Organisations and their limits.</summary>
    public OrganizationAdminService.OrganizationAdminServiceClient Organizations { get; }

    /// <summary>Credentials of those who administer.</summary>
    public AdminCredentialService.AdminCredentialServiceClient Credentials { get; }

    /// <summary>The log of what was done.</summary>
    public AuditService.AuditServiceClient Audit { get; }

    /// <summary>Refusals as they come, who is refused most, and the use over time.</summary>
    public ActivityService.ActivityServiceClient Activity { get; }

    /// <summary>Copies of the embedded store, taken while the server runs.</summary>
    public BackupService.BackupServiceClient Backups { get; }

    /// <summary>All keys that match, page by page.</summary>
    /// <param name="filter">Which; its page token does not count. Null = all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<Key> AllKeysAsync(ListKeysRequest? filter = null, CancellationToken cancellationToken = default) => AllPages.Of<Key>(
        async (token, cancellation) =>
        {
            var page = await Keys.ListKeysAsync(new ListKeysRequest(filter ?? new()) { PageToken = token }, cancellationToken: cancellation).ConfigureAwait(false);
            return (page.Keys, page.NextPageToken);
        },
        cancellationToken);

    /// <summary>All policies that match, page by page.</summary>
    /// <param name="filter">Which; its page token does not count. Null = all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<Policy> AllPoliciesAsync(ListPoliciesRequest? filter = null, CancellationToken cancellationToken = default) => AllPages.Of<Policy>(
        async (token, cancellation) =>
        {
            var page = await Policies.ListPoliciesAsync(new ListPoliciesRequest(filter ?? new()) { PageToken = token }, cancellationToken: cancellation).ConfigureAwait(false);
            return (page.Policies, page.NextPageToken);
        },
        cancellationToken);

    /// <summary>All APIs that match, page by page.</summary>
    /// <param name="filter">Which; its page token does not count. Null = all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<Api> AllApisAsync(ListApisRequest? filter = null, CancellationToken cancellationToken = default) => AllPages.Of<Api>(
        async (token, cancellation) =>
        {
            var page = await Apis.ListApisAsync(new ListApisRequest(filter ?? new()) { PageToken = token }, cancellationToken: cancellation).ConfigureAwait(false);
            return (page.Apis, page.NextPageToken);
        },
        cancellationToken);

    /// <summary>All organisations, page by page.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<Organization> AllOrganizationsAsync(CancellationToken cancellationToken = default) => AllPages.Of<Organization>(
        async (token, cancellation) =>
        {
            var page = await Organizations.ListOrganizationsAsync(new ListOrganizationsRequest { PageToken = token }, cancellationToken: cancellation).ConfigureAwait(false);
            return (page.Organizations, page.NextPageToken);
        },
        cancellationToken);

    /// <summary>All credentials that match, page by page.</summary>
    /// <param name="filter">Which; its page token does not count. Null = all that are accepted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<AdminCredential> AllCredentialsAsync(ListAdminCredentialsRequest? filter = null, CancellationToken cancellationToken = default) =>
        AllPages.Of<AdminCredential>(
            async (token, cancellation) =>
            {
                var page = await Credentials.ListAdminCredentialsAsync(
                    new ListAdminCredentialsRequest(filter ?? new()) { PageToken = token }, cancellationToken: cancellation).ConfigureAwait(false);
                return (page.Credentials, page.NextPageToken);
            },
            cancellationToken);

    /// <summary>All entries of the audit log that match, the newest first, page by page.</summary>
    /// <param name="filter">Which; its page token does not count. Null = all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<AuditEntry> AllAuditEntriesAsync(ListAuditEntriesRequest? filter = null, CancellationToken cancellationToken = default) =>
        AllPages.Of<AuditEntry>(
            async (token, cancellation) =>
            {
                var page = await Audit.ListAuditEntriesAsync(
                    new ListAuditEntriesRequest(filter ?? new()) { PageToken = token }, cancellationToken: cancellation).ConfigureAwait(false);
                return (page.Entries, page.NextPageToken);
            },
            cancellationToken);

    /// <summary>The decision that a request would get now, with every step's finding and the origin of every limit. Nothing is spent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DecisionRequestException">The request is malformed.</exception>
    public Task<ExplainResponse> ExplainAsync(AuthorizationRequest request, CancellationToken cancellationToken = default) =>
        ExplainAsync(request, "", cancellationToken);

    /// <summary>Likewise of a key by its id, as though the client had presented it: whoever administers a key does not have its text.</summary>
    /// <param name="request">The request, without a key.</param>
    /// <param name="keyId">The key's id; empty = the key is that of the request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DecisionRequestException">The request is malformed.</exception>
    public async Task<ExplainResponse> ExplainAsync(AuthorizationRequest request, string keyId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestRules.Require(request);
        var asked = new ExplainRequest { Request = RequestMapping.ToWire(request), KeyId = keyId };
        return await _authorize.ExplainAsync(asked, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections. Calls that are under way fail.</summary>
    public void Dispose() => _calls.Dispose();
}
