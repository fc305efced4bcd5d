using Decision.Contracts.Admin.V1;
using Decision.Server.Administrators;
using Decision.Server.Tests.Admin;
using Decision.Server.Tests.TykApi;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using static Decision.Server.Tests.Administrators.Administrator;

namespace Decision.Server.Tests.Administrators;

/// <summary>The audit log of a server.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Acts_are_told_whichever_way_they_came()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        await server.DoAsync("POST", "/tyk/keys/create", """{"org_id":"acme","apply_policies":["gold"],"alias":"tyk"}""");

        var entries = await server.EntriesAsync();

        var (http, grpc) = (entries[0], entries[1]);
        Assert.Equal(("key.create", "http", "admin-secret", "acme"), (http.Action, http.Protocol, http.ActorId, http.OrganizationId));
        Assert.Equal(("policy.create", "grpc", "gold", AuditOutcome.Done), (grpc.Action, grpc.Protocol, grpc.ObjectId, grpc.Outcome));
        Assert.StartsWith("127.0.0.1:", grpc.Peer, StringComparison.Ordinal);
        Assert.StartsWith("grpc-dotnet/", grpc.UserAgent, StringComparison.Ordinal);
        Assert.Contains("\"alias\":\"tyk\"", http.AfterJson, StringComparison.Ordinal);
        Assert.Equal(2, entries.Count);
    }

    [Fact]
    public async Task What_is_denied_is_told_and_what_is_only_read_is_not()
    {
        await using var server = await RunningServer.StartAsync();
        var policy = await server.CreatePolicyAsync();
        string token = await server.TokenAsync(AdminRole.Viewer);
        await server.Policies().ListPoliciesAsync(new ListPoliciesRequest(), With(token));

        await Failures.OfAsync(
            () => server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = policy.Id }, With(token)).ResponseAsync, StatusCode.PermissionDenied);
        using var tyk = await server.TykAsync(token, "DELETE", "/tyk/policies/gold");

        var denied = await server.EntriesAsync(new ListAuditEntriesRequest { Outcome = AuditOutcome.Denied });
        Assert.Equal(["policy.delete", "policy.delete"], denied.Select(entry => entry.Action));
        Assert.Equal(("bob", "viewer", "gold"), (denied[1].ActorName, denied[1].ActorRole, denied[1].ObjectId));
        Assert.Contains("needs the role admin", denied[1].Message, StringComparison.Ordinal);
        Assert.Equal(4, (await server.EntriesAsync()).Count);
    }

    [Fact]
    public async Task Whoever_is_denied_again_and_again_does_not_fill_the_log()
    {
        await using var server = await RunningServer.StartAsync();
        string token = await server.TokenAsync(AdminRole.Viewer);
        for (int number = 0; number < AdminPermission.Denials + 20; number++)
        {
            await Failures.OfAsync(
                () => server.Policies().ReloadPoliciesAsync(new ReloadPoliciesRequest(), With(token)).ResponseAsync, StatusCode.PermissionDenied);
        }

        Assert.Equal(AdminPermission.Denials, (await server.EntriesAsync(new ListAuditEntriesRequest { PageSize = 1000, Outcome = AuditOutcome.Denied })).Count);
    }

    [Fact]
    public async Task Entries_are_found_by_time_actor_action_object_and_organisation()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var made = await server.CreateAsync(AdminRole.Admin);
        server.Time.Advance(TimeSpan.FromHours(1));
        var later = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(server.Time.GetUtcNow());
        await server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = "gold" }, With(made.Token));

        await FindsAsync(new() { Since = later }, "policy.delete");
        await FindsAsync(new() { Until = later }, "credential.create", "policy.create");
        await FindsAsync(new() { Actor = "bob" }, "policy.delete");
        await FindsAsync(new() { Actor = made.Credential.CredentialId }, "policy.delete");
        await FindsAsync(new() { Action = "policy.*" }, "policy.delete", "policy.create");
        await FindsAsync(new() { Action = "policy.create" }, "policy.create");
        await FindsAsync(new() { ObjectKind = "credential" }, "credential.create");
        await FindsAsync(new() { ObjectId = "gold" }, "policy.delete", "policy.create");
        await FindsAsync(new() { OrganizationId = "" }, "credential.create");
        await FindsAsync(new() { Outcome = AuditOutcome.Unknown });

        async Task FindsAsync(ListAuditEntriesRequest request, params string[] actions) =>
            Assert.Equal(actions, (await server.EntriesAsync(request)).Select(entry => entry.Action));
    }

    [Theory]
    [InlineData("UPDATE audit SET entry = replace(entry, 'acme', 'evil') WHERE seq = 2", 2)]
    [InlineData("UPDATE audit SET at_us = at_us + 1 WHERE seq = 2", 2)]
    [InlineData("UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 3) WHERE seq = 2", 2)]
    [InlineData("DELETE FROM audit WHERE seq = 2", 2)]
    [InlineData("DELETE FROM audit WHERE seq = 1", 1)]
    [InlineData("DELETE FROM audit WHERE seq = 3", 3)]
    public async Task A_database_that_somebody_wrote_into_is_found_out(string sql, long broken)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await RunningServer.StartAsync(folder: folder))
        {
            foreach (string id in new[] { "one", "two", "three" })
            {
                await server.CreatePolicyAsync(policy => policy.Id = id);
            }

            var valid = await server.Audit().VerifyAuditLogAsync(new VerifyAuditLogRequest(), RunningServer.Admin);
            Assert.Equal((true, 3L, 1L, 3L, 64), (valid.Valid, valid.EntriesChecked, valid.FirstSequence, valid.LastSequence, valid.LastHash.Length));
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "decision.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
            command.CommandText = sql.Replace("replace(entry,", "CAST(replace(CAST(entry AS TEXT),", StringComparison.Ordinal).Replace("'evil')", "'evil') AS BLOB)", StringComparison.Ordinal);
#pragma warning restore CA2100
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await using var again = await RunningServer.StartAsync(folder: folder);
        var check = await again.Audit().VerifyAuditLogAsync(new VerifyAuditLogRequest(), RunningServer.Admin);

        Assert.False(check.Valid);
        Assert.Equal(broken, check.BrokenSequence);
        Assert.StartsWith("The audit log was changed: ", check.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_place_is_checked_and_must_be_one()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var noted = await server.Audit().VerifyAuditLogAsync(new VerifyAuditLogRequest(), RunningServer.Admin);

        var same = await VerifyAsync(noted.LastSequence, noted.LastHash);
        var other = await VerifyAsync(noted.LastSequence, new string('0', 64));

        Assert.True(same.Valid);
        Assert.Equal((false, 1L), (other.Valid, other.BrokenSequence));
        Assert.Equal(["known_hash"], await Failures.FieldsOfAsync(() => VerifyAsync(1, "")));
        Assert.Equal(["known_sequence"], await Failures.FieldsOfAsync(() => VerifyAsync(0, noted.LastHash)));

        Task<VerifyAuditLogResponse> VerifyAsync(long sequence, string hash) => server.Audit().VerifyAuditLogAsync(
            new VerifyAuditLogRequest { KnownSequence = sequence, KnownHash = hash }, RunningServer.Admin).ResponseAsync;
    }

    [Fact]
    public async Task Files_that_change_are_told_with_what_changed()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "policies.json");
        await File.WriteAllTextAsync(file, """{"gold":{"id":"gold","rate":5,"per":1}}""");
        await using var server = await RunningServer.StartAsync(["policies:policy_source=file", $"policies:policy_record_name={file}"]);
        await File.WriteAllTextAsync(file, """{"gold":{"id":"gold","rate":7,"per":1}}""");

        await server.Policies().ReloadPoliciesAsync(new ReloadPoliciesRequest(), RunningServer.Admin);

        var entry = Assert.Single(await server.EntriesAsync());
        Assert.Equal(("files.reload", "files"), (entry.Action, entry.ObjectKind));
        Assert.Contains(entry.ActorId, (string[])["admin-secret", "server"]);
        Assert.Contains("rate 5", entry.AfterJson, StringComparison.Ordinal);
    }
}
