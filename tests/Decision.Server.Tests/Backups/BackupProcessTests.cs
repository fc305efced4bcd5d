using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Backups;

/// <summary>A backup of a server that is busy, killed afterwards, becomes a server at another place.</summary>
public sealed class BackupProcessTests : IDisposable
{
    private const string Secret = "a-secret-for-this-test-alone";

    private static readonly Metadata Credential = new() { { "authorization", "Bearer " + Secret } };

    private readonly TemporaryFolder _first = new();
    private readonly TemporaryFolder _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Backup_under_load_is_restored_with_keys_policies_counters_and_the_audit_log()
    {
        string file = Path.Combine(_second.Path, "backup");
        string key;
        string noted;
        int refusedInLoad;
        await using (var server = Start(_first))
        {
            using var channel = GrpcChannel.ForAddress("http://" + await server.ReadyAsync());
            await CreatePolicyAsync(channel);
            key = await CreateKeyAsync(channel);
            string busy = await CreateKeyAsync(channel);
            for (int left = 9; left >= 7; left--)
            {
                Assert.Equal(left, await SpendAsync(channel, key));
            }

            var log = await new AuditService.AuditServiceClient(channel).VerifyAuditLogAsync(new VerifyAuditLogRequest(), Credential);
            noted = log.LastHash;
            using var enough = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoadAsync(channel, busy, enough.Token)));

            var (backup, content) = await BackupClient.BackupAsync(new BackupService.BackupServiceClient(channel), Credential);

            Assert.Equal(backup.Size, content.Length);
            await File.WriteAllBytesAsync(file, content);
            await enough.CancelAsync();
            refusedInLoad = (await load).Sum();

            // After the backup: what is not in it.
            Assert.Equal(6, await SpendAsync(channel, key));
            await CreateKeyAsync(channel);
            await server.KillAsync();
        }

        await using (var restore = ServerProcess.Start(_second.Path, "restore", file, $"--Data:Path={_second.Path}", $"--Admin:Secret={Secret}"))
        {
            Assert.True(await restore.ExitAsync() == 0, restore.Output);
            Assert.Contains("1 policies", restore.Output, StringComparison.Ordinal);
            Assert.Contains("2 keys", restore.Output, StringComparison.Ordinal);
            Assert.Contains("put the Secrets:Key that went with this backup into", restore.Output, StringComparison.Ordinal);
        }

        File.Copy(Path.Combine(_first.Path, "secrets-key"), Path.Combine(_second.Path, "secrets-key"));
        await using var next = Start(_second);
        using var again = GrpcChannel.ForAddress("http://" + await next.ReadyAsync());
        Assert.Equal(0, refusedInLoad);
        Assert.Equal(6, await SpendAsync(again, key));
        var policy = await new PolicyAdminService.PolicyAdminServiceClient(again).GetPolicyAsync(new GetPolicyRequest { Id = "ten" }, Credential);
        Assert.Equal(10, policy.Policy.QuotaMax);
        Assert.Equal(2, (await new KeyService.KeyServiceClient(again).ListKeysAsync(new ListKeysRequest(), Credential)).Keys.Count);
        var verified = await new AuditService.AuditServiceClient(again).VerifyAuditLogAsync(
            new VerifyAuditLogRequest { KnownSequence = 3, KnownHash = noted }, Credential);
        Assert.True(verified.Valid, verified.Problem);
        Assert.Equal(3, verified.EntriesChecked);
    }

    [Theory]
    [InlineData("restore takes the name of a backup", "restore")]
    [InlineData("restore takes the name of a backup", "restore", "a", "b")]
    [InlineData("The option '--replace' belongs to import", "restore", "a", "--replace")]
    [InlineData("There is no file /no/where.db", "restore", "/no/where.db")]
    [InlineData("Storage:Kind is redis: a backup is one of the embedded store", "restore", "/no/where.db", "--Storage:Kind=redis")]
    [InlineData("Storage:Path is ':memory:'", "restore", "/no/where.db", "--Storage:Path=:memory:")]
    public async Task Wrong_use_is_explained_with_exit_code_2(string expected, params string[] arguments)
    {
        var run = await Transfer.TransferRun.OfAsync(arguments);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("Nothing was done:", run.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_is_not_put_over_a_database()
    {
        string file = _first.Write("backup", "no database");
        string there = _second.Write("decision.db", "a database");

        var run = await Transfer.TransferRun.OfAsync("restore", file, $"--Data:Path={_second.Path}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains($"Nothing was restored: There is {there} already", run.Errors, StringComparison.Ordinal);
        Assert.Equal("a database", await File.ReadAllTextAsync(there));
    }

    private static ServerProcess Start(TemporaryFolder folder) => ServerProcess.Start(
        folder.Path, "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", $"--Data:Path={folder.Path}", $"--Admin:Secret={Secret}");

    private static async Task CreatePolicyAsync(GrpcChannel channel)
    {
        var policy = new Policy { Id = "ten", OrgId = "acme", Rate = -1, Per = 1, QuotaMax = 10, QuotaRenewalRate = 36_000 };
        policy.AccessRights["orders"] = new AccessRight();
        await new PolicyAdminService.PolicyAdminServiceClient(channel).CreatePolicyAsync(new CreatePolicyRequest { Policy = policy }, Credential);
    }

    private static async Task<string> CreateKeyAsync(GrpcChannel channel) => (await new KeyService.KeyServiceClient(channel).CreateKeyAsync(
        new CreateKeyRequest { Key = new Key { OrgId = "acme", ApplyPolicies = { "ten" } } }, Credential)).ApiKey;

    private static async Task<long> SpendAsync(GrpcChannel channel, string key)
    {
        var verdict = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Samples.Ask(key));
        Assert.True(verdict.Allowed, verdict.ToString());
        return verdict.Limits.Single(limit => limit.Name == "quota").Remaining;
    }

    // Peeks: as much work as any decision, and allowed for ever.
    private static async Task<int> LoadAsync(GrpcChannel channel, string key, CancellationToken enough)
    {
        int refused = 0;
        while (!enough.IsCancellationRequested)
        {
            var verdict = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Samples.Ask(key, request => request.Peek = true), cancellationToken: CancellationToken.None);
            refused += verdict.Allowed ? 0 : 1;
        }

        return refused;
    }
}
