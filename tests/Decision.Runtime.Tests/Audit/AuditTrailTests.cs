using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using static Decision.Runtime.Tests.Audit.AuditedRuntime;

namespace Decision.Runtime.Tests.Audit;

/// <summary>What the audit log tells of acts.</summary>
public sealed class AuditTrailTests
{
    [Fact]
    public async Task A_change_of_a_policy_is_told_with_who_when_where_before_and_after()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold", rate: 5) with { OrganizationId = "acme" });
        runtime.Time.Advance(TimeSpan.FromMinutes(1));

        await AsAsync(Alice, () => runtime.EditAsync("gold", policy => policy with { Name = "Gold" }));

        AuditEntry entry = (await runtime.EntriesAsync())[^1];
        Assert.Equal(("a1", "alice", "admin", "10.0.0.9:5", "grpc", "tool/1"), (entry.ActorId, entry.ActorName, entry.ActorRole, entry.Peer, entry.Protocol, entry.Agent));
        Assert.Equal(("policy.update", "policy", "gold", "acme", AuditOutcome.Done), (entry.Action, entry.ObjectKind, entry.ObjectId, entry.Organization, entry.Outcome));
        Assert.Equal(runtime.Time.NowUs(), entry.AtUs);
        Assert.Null(JsonNode.Parse(entry.BeforeJson)!["name"]);
        Assert.Equal("Gold", (string?)JsonNode.Parse(entry.AfterJson)!["name"]);
        Assert.Equal((2L, 0L), ((await runtime.VerifyAsync()).Checked, (await runtime.VerifyAsync()).Broken));
    }

    [Fact]
    public async Task Every_act_is_one_entry()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold", quota: 10));
        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold"));
        string id = key.Record.Key.Id;
        await runtime.UpdateAsync(key, before => before with { Alias = "me" });
        await runtime.Keys.RotateAsync(id, TimeSpan.Zero, "", CancellationToken.None);
        await runtime.Keys.AdjustUsageAsync(id, "", "", 4, CancellationToken.None);
        await runtime.Keys.ResetUsageAsync(id, "quota", "", CancellationToken.None);
        await runtime.Keys.DeleteAsync(id, "", CancellationToken.None);
        await runtime.Policies.DeleteAsync("gold", "", isForced: false, CancellationToken.None);
        await runtime.Policies.RollbackAsync("gold", 1, "", CancellationToken.None);
        await runtime.Apis.CreateAsync(new Engine.Apis.Api { Id = "orders" }, CancellationToken.None);
        await runtime.Apis.DeleteAsync("orders", "", CancellationToken.None);
        await runtime.Organizations.CreateAsync(new Organization { Id = "acme" }, CancellationToken.None);

        AuditEntry[] entries = await runtime.EntriesAsync();

        Assert.Equal(
            [
                "policy.create", "key.create", "key.update", "key.rotate", "key.adjust_usage", "key.reset_usage", "key.delete", "policy.delete",
                "policy.rollback", "api.create", "api.delete", "organization.create",
            ],
            entries.Select(entry => entry.Action));
        Assert.Equal(Enumerable.Range(1, entries.Length).Select(number => (long)number), entries.Select(entry => entry.Sequence));
        Assert.NotEqual(entries[3].BeforeJson, entries[3].AfterJson);
        Assert.Contains("\"delta\":4,\"used\":4", entries[4].AfterJson, StringComparison.Ordinal);
        Assert.Contains("\"used\":4", entries[5].BeforeJson, StringComparison.Ordinal);
        Assert.Equal(("", true), (entries[6].AfterJson, entries[6].BeforeJson.Length > 0));
        Assert.All(entries, entry => Assert.DoesNotContain(key.ApiKey, entry.BeforeJson + entry.AfterJson, StringComparison.Ordinal));
        Assert.Equal(0, (await runtime.VerifyAsync()).Broken);
    }

    [Fact]
    public async Task Secrets_are_masked_and_what_is_large_is_told_by_its_hash()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateKeyAsync(Sample.OwnKey() with
        {
            HmacEnabled = true,
            HmacString = "a-signature-secret-0123456789",
            Metadata = Sample.Metadata(("upstream_password", "hunter2"), ("ApiToken", "t0ken"), ("plan", "gold"))
                .Add("tokens", JsonSerializer.SerializeToElement(new[] { "first-one", "second-one" }))
                .Add("upstream", JsonSerializer.SerializeToElement(new { secret = new { pair = new { left = "one-half", right = 4711 } }, region = "eu" })),
        });
        await runtime.CreateKeyAsync(Sample.OwnKey() with { Metadata = Sample.Metadata(("note", new string('x', 20_000))) });

        AuditEntry[] entries = await runtime.EntriesAsync();

        Assert.DoesNotContain("a-signature-secret", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.Contains("\"tokens\":[\"***\",\"***\"]", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.Contains("\"pair\":{\"left\":\"***\",\"right\":\"***\"}", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.Contains("\"region\":\"eu\"", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.Contains("\"plan\":\"gold\"", entries[0].AfterJson, StringComparison.Ordinal);
        Assert.Contains("omitted_bytes", entries[1].AfterJson, StringComparison.Ordinal);
        Assert.True(entries[1].AfterJson.Length < 200);
    }

    [Fact]
    public async Task What_is_refused_for_its_content_is_not_told_and_leaves_nothing()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        await runtime.CreateAsync(Sample.Policy("gold"));

        await Assert.ThrowsAsync<AdministrationException>(() => runtime.CreateAsync(Sample.Policy("gold")));
        await Assert.ThrowsAsync<AdministrationException>(() => runtime.EditAsync("silver", policy => policy));

        Assert.Single(await runtime.EntriesAsync());
        Assert.Empty(await store.Audit.BegunAsync(long.MaxValue, CancellationToken.None));
    }

    [Fact]
    public async Task Policies_that_are_applied_together_are_entries_of_one_act()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        var plans = (PolicyPlans)runtime.Services.GetService(typeof(PolicyPlans))!;
        var wanted = new Dictionary<string, Policy> { ["gold"] = Sample.Policy("gold", rate: 3), ["silver"] = Sample.Policy("silver") };

        await plans.ApplyAsync(new WantedPolicies(wanted, [], null, IsPruned: false), isForced: false, "", CancellationToken.None);

        AuditEntry[] entries = [.. (await runtime.EntriesAsync()).Skip(1)];
        Assert.Equal(["policy.update gold", "policy.create silver"], entries.Select(entry => $"{entry.Action} {entry.ObjectId}"));
        Assert.Single(entries.Select(entry => entry.ActId).Distinct());
    }

    [Fact]
    public async Task Keys_that_are_removed_for_their_age_are_told_as_removed_by_the_server()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { Expires = runtime.NowSeconds + 10, PostExpiryAction = "delete" });
        runtime.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, await runtime.ExpiredKeys.SweepAsync(CancellationToken.None));

        AuditEntry entry = (await runtime.EntriesAsync())[^1];
        Assert.Equal(
            ("key.delete", key.Record.Key.Id, "server", "expired keys", "internal"),
            (entry.Action, entry.ObjectId, entry.ActorId, entry.ActorName, entry.Protocol));
    }

    [Fact]
    public async Task Where_the_log_cannot_be_written_nothing_is_changed()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        store.AuditDown.Add("begin");

        var failure = await Assert.ThrowsAsync<StoreException>(() => runtime.CreateAsync(Sample.Policy("gold")));

        Assert.StartsWith("Nothing was changed, because the audit log cannot be written", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await store.Documents.LoadAsync(DocumentKind.Policy, CancellationToken.None));
        Assert.Null(runtime.Catalog.Rules.Policies.Find("gold"));
    }

    [Fact]
    public async Task What_was_done_and_could_not_be_told_is_told_later_as_unknown()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        store.AuditDown.Add("append");
        await AsAsync(Alice, () => runtime.CreateAsync(Sample.Policy("gold")));
        store.AuditDown.Clear();
        Assert.Empty(await runtime.EntriesAsync());

        await runtime.AuditService().TidyAsync(AuditService.Patience, CancellationToken.None);
        Assert.Empty(await runtime.EntriesAsync());
        store.Time.Advance(AuditService.Patience);
        await runtime.AuditService().TidyAsync(AuditService.Patience, CancellationToken.None);

        AuditEntry entry = Assert.Single(await runtime.EntriesAsync());
        Assert.Equal(("policy.create", "gold", "alice", AuditOutcome.Unknown), (entry.Action, entry.ObjectId, entry.ActorName, entry.Outcome));
        Assert.Equal(entry.AtUs - (long)AuditService.Patience.TotalMicroseconds, entry.BegunAtUs);
        Assert.NotEmpty(entry.AfterJson);
        await runtime.AuditService().TidyAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Single(await runtime.EntriesAsync());
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_told_as_unknown()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        await runtime.CreateAsync(Sample.Policy("gold"));
        runtime.KeyStore.LosesAnswers = true;

        await Assert.ThrowsAsync<StoreException>(() => runtime.CreateKeyAsync(Sample.Key("gold")));

        AuditEntry entry = (await runtime.EntriesAsync())[^1];
        Assert.Equal(("key.create", AuditOutcome.Unknown), (entry.Action, entry.Outcome));
    }

    [Fact]
    public async Task Replicas_that_append_at_once_make_one_chain()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime first = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime second = await TestRuntime.StartAsync(shared: store);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(number => (number % 2 == 0 ? first : second).CreateKeyAsync(Sample.OwnKey())));

        AuditCheck check = await first.VerifyAsync();
        Assert.Equal((60L, 1L, 60L, 0L, ""), (check.Checked, check.First, check.Head.Sequence, check.Broken, check.Problem));
        Assert.Equal(60, (await second.EntriesAsync()).Select(entry => entry.ObjectId).Distinct().Count());
    }
}
