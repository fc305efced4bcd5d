using Decision.Contracts.Admin.V1;
using Decision.TestKit.Redis;
using Grpc.Core;

namespace Decision.Server.Tests.Redis;

/// <summary>Admin credentials and the audit log of two replicas on one Redis.</summary>
public sealed class AdministratorTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private Replica _first = null!;
    private Replica _second = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await DurableRedis.StartAsync();
        var starting = new[] { Replica.StartAsync(_redis.Address), Replica.StartAsync(_redis.Address) };
        (_first, _second) = (await starting[0], await starting[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private static AdminCredentialService.AdminCredentialServiceClient Credentials(Replica replica) => new(replica.Channel);

    private static AuditService.AuditServiceClient Audit(Replica replica) => new(replica.Channel);

    private static async Task<VerifyAuditLogResponse> VerifyAsync(Replica replica) =>
        await Audit(replica).VerifyAuditLogAsync(new VerifyAuditLogRequest(), Replica.Admin);

    [Fact]
    public async Task A_credential_of_one_replica_counts_on_the_other_and_its_revocation_at_the_next_call()
    {
        for (int round = 0; round < 5; round++)
        {
            var created = await Credentials(_first).CreateAdminCredentialAsync(
                new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = "bob", Role = AdminRole.Viewer } }, Replica.Admin);
            Metadata bob = new() { { "authorization", "Bearer " + created.Token } };
            await _second.Keys.ListKeysAsync(new ListKeysRequest(), bob);

            await Credentials(_first).RevokeAdminCredentialAsync(
                new RevokeAdminCredentialRequest { CredentialId = created.Credential.CredentialId }, Replica.Admin);

            await Failures.OfAsync(() => _second.Keys.ListKeysAsync(new ListKeysRequest(), bob).ResponseAsync, StatusCode.Unauthenticated);
        }
    }

    [Fact]
    public async Task Both_append_at_once_to_one_log_and_what_is_taken_out_of_it_is_missed()
    {
        const int Acts = 80;
        await Task.WhenAll(Enumerable.Range(0, Acts).Select(number => (number % 2 == 0 ? _first : _second).Keys.CreateKeyAsync(
            new CreateKeyRequest { Key = new Key { OrgId = "acme", Alias = "n" + number, AccessRights = { ["orders"] = new AccessRight { ApiId = "orders" } } } },
            Replica.Admin).ResponseAsync));

        var check = await VerifyAsync(_second);
        Assert.Equal((true, Acts, 1L, (long)Acts, ""), (check.Valid, (int)check.EntriesChecked, check.FirstSequence, check.LastSequence, check.Problem));
        var entries = await Audit(_first).ListAuditEntriesAsync(new ListAuditEntriesRequest { PageSize = 1000 }, Replica.Admin);
        Assert.Equal(Acts, entries.Entries.Select(entry => entry.ObjectId).Distinct().Count());
        Assert.All(entries.Entries, entry => Assert.Equal(AuditOutcome.Done, entry.Outcome));

        Assert.Equal("1", (await _redis.CommandAsync("XDEL", "decision:1:{audit}:records", "40-0")).Trim());

        check = await VerifyAsync(_first);
        Assert.Equal((false, 40L, 39L), (check.Valid, check.BrokenSequence, check.LastSequence));
        Assert.Contains("entry 40 is missing", check.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Redis_the_admin_secret_is_known_and_a_stored_credential_cannot_be_asked_for()
    {
        var created = await Credentials(_first).CreateAdminCredentialAsync(
            new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = "bob", Role = AdminRole.Admin } }, Replica.Admin);
        await _redis.KillAsync();

        var me = await Credentials(_first).WhoAmIAsync(new WhoAmIRequest(), Replica.Admin);
        var refused = await Failures.OfAsync(
            () => Credentials(_first).WhoAmIAsync(new WhoAmIRequest(), new Metadata { { "authorization", "Bearer " + created.Token } }).ResponseAsync,
            StatusCode.Unavailable);
        var unchanged = await Failures.OfAsync(
            () => _first.Policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = new Policy { Id = "gold" } }, Replica.Admin).ResponseAsync, StatusCode.Unavailable);

        Assert.True(me.IsAdminSecret);
        Assert.Contains("Redis", refused.Status.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(unchanged.Status.Detail);
    }
}
