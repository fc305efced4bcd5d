using System.Security.Cryptography;
using Decision.Contracts.Admin.V1;
using Decision.Runtime.Stores;
using Decision.Server.Tests.Admin;
using Decision.Server.Tests.Administrators;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Backups;

public sealed class BackupServiceTests
{
    [Fact]
    public async Task CreateBackup_sends_what_it_says_and_the_audit_log_tells_of_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies, folder: folder);
        var admin = await server.CreateAsync(AdminRole.Admin);

        var (backup, content) = await server.BackupAsync(Administrator.With(admin.Token));

        Assert.Equal((content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), (backup.Size, backup.Sha256));
        Assert.Equal((server.Time.GetUtcNow(), ProductVersion.Written), (backup.Time.ToDateTimeOffset(), backup.ServerVersion));
        Assert.StartsWith("SQLite format 3\0", System.Text.Encoding.ASCII.GetString(content, 0, 16), StringComparison.Ordinal);
        var entry = (await server.EntriesAsync())[0];
        Assert.Equal(("backup.create", "bob", AuditOutcome.Done), (entry.Action, entry.ActorName, entry.Outcome));
        Assert.Equal($$"""{"bytes":{{backup.Size}},"sha256":"{{backup.Sha256}}"}""", entry.AfterJson);
    }

    [Fact]
    public async Task A_credential_for_some_organisations_gets_no_backup()
    {
        await using var server = await RunningServer.StartAsync();
        var scoped = Administrator.With(await server.TokenAsync(AdminRole.Admin, "acme"));

        var denied = await Failures.OfAsync(() => server.BackupAsync(scoped), StatusCode.PermissionDenied);

        Assert.Contains("only for \"acme\"", denied.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(("backup.create", AuditOutcome.Denied), ((await server.EntriesAsync())[0].Action, (await server.EntriesAsync())[0].Outcome));
    }

    [Fact]
    public async Task What_has_no_backup_says_what_to_do_instead()
    {
        await using var memory = await RunningServer.StartAsync();
        var refused = await Failures.OfAsync(() => memory.BackupAsync(RunningServer.Admin), StatusCode.FailedPrecondition);
        Assert.Contains("Storage:Path is :memory:", refused.Status.Detail, StringComparison.Ordinal);

        // Nobody is there: a server starts without its Redis.
        using var folder = new TemporaryFolder();
        await using var redis = await RunningServer.StartAsync(["Storage:Kind=redis", "Redis:Configuration=127.0.0.1:9,connectTimeout=100"], folder: folder);
        refused = await Failures.OfAsync(() => redis.BackupAsync(RunningServer.Admin), StatusCode.FailedPrecondition);
        Assert.Contains("RDB and AOF", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_given_away_that_the_audit_log_cannot_tell_of()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(folder: folder, replace: services =>
        {
            var store = services.Last(service => service.ServiceType == typeof(IAuditStore));
            services.AddSingleton<IAuditStore>(provider => new UnwritableAudit((IAuditStore)ActivatorUtilities.CreateInstance(provider, store.ImplementationType!)));
        });

        var failed = await Failures.OfAsync(() => server.BackupAsync(RunningServer.Admin), StatusCode.Unavailable);

        Assert.Contains("audit log cannot be written", failed.Status.Detail, StringComparison.Ordinal);
    }

    private sealed class UnwritableAudit(IAuditStore store) : IAuditStore
    {
        public bool IsShared => store.IsShared;

        public ValueTask<AuditHead> HeadAsync(CancellationToken cancellation) => store.HeadAsync(cancellation);

        public ValueTask<AuditHead> AnchorAsync(CancellationToken cancellation) => store.AnchorAsync(cancellation);

        public ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancellation) => store.ReadAsync(after, limit, cancellation);

        public ValueTask<IReadOnlyList<AuditRecord>> ReadBackAsync(long before, int limit, CancellationToken cancellation) =>
            store.ReadBackAsync(before, limit, cancellation);

        public ValueTask BeginAsync(BegunAct act, CancellationToken cancellation) => store.BeginAsync(act, cancellation);

        public ValueTask DropAsync(string actId, CancellationToken cancellation) => store.DropAsync(actId, cancellation);

        public ValueTask<IReadOnlyList<BegunAct>> BegunAsync(long beforeUs, CancellationToken cancellation) => store.BegunAsync(beforeUs, cancellation);

        public ValueTask<bool> AppendAsync(AuditHead end, IReadOnlyList<AuditRecord> records, string actId, CancellationToken cancellation) =>
            throw new StoreException("The disk is full.");

        public ValueTask PruneAsync(AuditHead last, CancellationToken cancellation) => store.PruneAsync(last, cancellation);
    }
}
