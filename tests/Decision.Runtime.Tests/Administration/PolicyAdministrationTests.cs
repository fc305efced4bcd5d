using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Grants;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>Policies, and what a change of one does to the keys that use it.</summary>
public sealed class PolicyAdministrationTests
{
    [Fact]
    public async Task Each_change_is_a_revision_that_can_be_gone_back_to()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        Written<Policy> created = await runtime.CreateAsync(Sample.Policy("gold", rate: 1));
        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        Written<Policy> updated = await runtime.EditAsync("gold", policy => policy with { Id = "other", Name = "Gold" });
        await runtime.Policies.DeleteAsync("gold", updated.Stored.Etag, false, CancellationToken.None);

        Written<Policy> restored = await runtime.Policies.RollbackAsync("gold", 1, "", CancellationToken.None);

        StoredPage<StoredRevision<Policy>> revisions = await runtime.Policies.RevisionsAsync("gold", "", 0, CancellationToken.None);
        Assert.Equal(["4 rollback", "3 delete", "2 update", "1 create"], revisions.Items.Select(one => $"{one.Number} {one.Change}"));
        Assert.Equal(["", null, "Gold", ""], revisions.Items.Select(one => one.Value?.Name));
        Assert.Equal(1_000_000, revisions.Items[2].ChangedAtUs - revisions.Items[3].ChangedAtUs);
        Assert.Equal((1L, 2L, 4L, "store"), (created.Stored.Revision, updated.Stored.Revision, restored.Stored.Revision, restored.Stored.Source));
        Assert.Equal("", (await runtime.Policies.GetAsync("gold", CancellationToken.None)).Value.Name);
    }

    [Theory]
    [InlineData(3, AdministrationError.Invalid)]
    [InlineData(9, AdministrationError.NotFound)]
    [InlineData(0, AdministrationError.NotFound)]
    public async Task There_is_no_way_back_to_a_deletion_or_a_revision_that_never_was(long revision, AdministrationError expected)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        await runtime.EditAsync("gold", policy => policy with { Name = "Gold" });
        await runtime.Policies.DeleteAsync("gold", "", false, CancellationToken.None);

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Policies.RollbackAsync("gold", revision, "", CancellationToken.None));

        Assert.Equal(expected, error.Error);
        Assert.Null(runtime.Catalog.Rules.Policies.Find("gold"));
    }

    [Fact]
    public async Task A_taken_id_a_lost_id_and_an_old_etag_are_refused()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        Written<Policy> first = await runtime.CreateAsync(Sample.Policy("gold"));
        await runtime.EditAsync("gold", policy => policy with { Name = "second" });
        string old = first.Stored.Etag;

        async Task<AdministrationError> ErrorOf(Func<Task> call) => (await Assert.ThrowsAsync<AdministrationException>(call)).Error;

        Assert.Equal(AdministrationError.AlreadyExists, await ErrorOf(() => runtime.CreateAsync(Sample.Policy("gold"))));
        Assert.Equal(AdministrationError.NotFound, await ErrorOf(() => runtime.EditAsync("lost", policy => policy)));
        Assert.Equal(AdministrationError.Conflict, await ErrorOf(async () => await runtime.Policies.UpdateAsync("gold", policy => policy, old, CancellationToken.None)));
        Assert.Equal(AdministrationError.Conflict, await ErrorOf(async () => await runtime.Policies.DeleteAsync("gold", old, false, CancellationToken.None)));
        Assert.Equal(AdministrationError.Conflict, await ErrorOf(async () => await runtime.Policies.RollbackAsync("gold", 1, old, CancellationToken.None)));
        Assert.Equal("second", runtime.Catalog.Rules.Policies.Find("gold")!.Policy.Name);
    }

    [Fact]
    public async Task A_policy_without_an_id_gets_one()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        Written<Policy> written = await runtime.CreateAsync(Sample.Policy(""));

        Assert.Equal(24, written.Stored.Value.Id.Length);
        Assert.NotNull(runtime.Catalog.Rules.Policies.Find(written.Stored.Value.Id));
    }

    [Fact]
    public async Task An_invalid_policy_is_refused_with_every_finding_and_the_old_one_stays()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 5));

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            () => runtime.EditAsync("gold", policy => policy with { Limits = Sample.Limits(rate: 5, per: 0, quota: -7) }));

        Assert.Equal(["per", "quota_max"], error.Findings.Where(finding => finding.Severity == Engine.Findings.FindingSeverity.Error).Select(finding => finding.Field));
        Assert.Equal(4, (await runtime.AskAsync(key)).Outcomes[0].Remaining);
    }

    [Fact]
    public async Task A_policy_in_use_is_deleted_only_by_force_and_then_its_keys_are_refused()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        await runtime.AskAsync(key);

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Policies.DeleteAsync("gold", "", isForced: false, CancellationToken.None));
        Reason before = (await runtime.AskAsync(key)).Reason;
        long keys = await runtime.Policies.DeleteAsync("gold", "", isForced: true, CancellationToken.None);

        Assert.Equal((AdministrationError.FailedPrecondition, Reason.Allowed, 1L), (error.Error, before, keys));
        Assert.Contains("1 key uses policy gold", error.Message, StringComparison.Ordinal);
        Assert.Equal((Reason.PolicyMissing, "gold"), await runtime.AskAsync(key) is var verdict ? (verdict.Reason, verdict.Origin) : default);
        await runtime.CreateAsync(Sample.Policy("gold"));
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task What_comes_from_a_file_counts_is_shown_and_cannot_be_written()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 5));
        await runtime.AskAsync(key);

        runtime.Catalog.Swap(runtime.Catalog.Store, CatalogLayer.Empty with
        {
            Policies = CatalogLayer.Empty.Policies.Add("gold", new PolicyEntry(Sample.Policy("gold", rate: 50), 0, "policies.json")),
        });

        Stored<Policy> shown = await runtime.Policies.GetAsync("gold", CancellationToken.None);
        Assert.Equal(48, (await runtime.AskAsync(key)).Outcomes[0].Remaining);
        Assert.Equal(("policies.json", 0L, ""), (shown.Source, shown.Revision, shown.Etag));
        Assert.Single((await runtime.Policies.ListAsync(_ => true, "", "", 0, CancellationToken.None)).Items);
        Assert.Contains("the file's counts", Assert.Single(runtime.Catalog.Conflicts).Message, StringComparison.Ordinal);
        foreach (Func<Task> write in (Func<Task>[])
            [
                () => runtime.EditAsync("gold", policy => policy),
                async () => await runtime.Policies.DeleteAsync("gold", "", isForced: true, CancellationToken.None),
                async () => await runtime.Policies.RollbackAsync("gold", 1, "", CancellationToken.None),
            ])
        {
            AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(write);
            Assert.Equal(AdministrationError.FailedPrecondition, error.Error);
            Assert.Contains("policies.json", error.Message, StringComparison.Ordinal);
        }

        runtime.Catalog.Swap(runtime.Catalog.Store, CatalogLayer.Empty);
        Assert.Equal(2, (await runtime.AskAsync(key)).Outcomes[0].Remaining);
    }

    [Fact]
    public async Task An_edit_compiles_the_grants_of_its_keys_anew_and_no_others()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey gold = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        CreatedKey alsoGold = await runtime.CreateKeyAsync(Sample.Key("gold"));
        CreatedKey silver = await runtime.CreateKeyWithAsync(Sample.Policy("silver"));
        CreatedKey[] keys = [gold, alsoGold, silver];
        Grant[] before = [.. await Task.WhenAll(keys.Select(async key => (await runtime.AskAsync(key)).Grant!))];

        Written<Policy> written = await runtime.EditAsync("gold", policy => policy with { Tags = ["new"] });
        Grant[] after = [.. await Task.WhenAll(keys.Select(async key => (await runtime.AskAsync(key)).Grant!))];

        Assert.Equal(2, written.KeysAffected);
        Assert.Equal([false, false, true], before.Zip(after, ReferenceEquals));
        Assert.Equal([["new"], ["new"], []], after.Select(grant => grant.Merged.Tags.ToArray()));
    }

    [Theory]
    [InlineData("rate")]
    [InlineData("quota")]
    public async Task A_changed_limit_applies_at_once_to_what_was_used(string name)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        Policy With(Policy policy, int limit) =>
            policy with { Limits = name == "rate" ? Sample.Limits(rate: limit) : Sample.Limits(quota: limit) };
        CreatedKey key = await runtime.CreateKeyWithAsync(With(Sample.Policy("gold"), 5));
        await runtime.AskAsync(key, 4);

        await runtime.EditAsync("gold", policy => With(policy, 10));
        long up = (await runtime.AskAsync(key)).Outcomes[0].Remaining;
        await runtime.EditAsync("gold", policy => With(policy, 3));
        Verdict down = await runtime.AskAsync(key);
        await runtime.EditAsync("gold", policy => With(policy, 6));
        Reason[] again = await runtime.AskAsync(key, 2);

        Reason refused = name == "rate" ? Reason.RateLimited : Reason.QuotaExceeded;
        Assert.Equal((5L, refused, 0L), (up, down.Reason, down.Outcomes[0].Remaining));
        Assert.Equal([Reason.Allowed, refused], again);
    }

    [Fact]
    public async Task Attaching_a_smaller_policy_starts_no_counter_afresh()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("bronze", rate: 1, quota: 1));
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 50, quota: 50));
        await runtime.AskAsync(key, 10);

        await runtime.UpdateAsync(key, before => before with { ApplyPolicies = ["bronze", "gold"] });

        Assert.Equal(["rate policy:gold 10/50", "quota policy:gold 10/50"], await runtime.UsageAsync(key));
        Assert.Equal(39, (await runtime.AskAsync(key)).Outcomes[1].Remaining);
    }

    [Fact]
    public async Task A_policy_switched_off_refuses_its_keys_until_it_is_on_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        await runtime.AskAsync(key);

        await runtime.EditAsync("gold", policy => policy with { Active = false });
        Reason off = (await runtime.AskAsync(key)).Reason;
        await runtime.EditAsync("gold", policy => policy with { Active = null, IsInactive = true });
        Reason inactive = (await runtime.AskAsync(key)).Reason;
        await runtime.EditAsync("gold", policy => policy with { IsInactive = false });

        Assert.Equal((Reason.PolicyInactive, Reason.KeyInactive, Reason.Allowed), (off, inactive, (await runtime.AskAsync(key)).Reason));
    }

    [Fact]
    public async Task Of_many_edits_at_the_same_time_none_is_lost()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        ImmutableArray<string> tags = [.. Enumerable.Range(0, 32).Select(number => $"tag-{number:00}")];

        await Task.WhenAll(tags.Select(tag => Task.Run(() => runtime.EditAsync("gold", policy => policy with { Tags = policy.Tags.Add(tag) }))));

        Assert.Equal(tags, runtime.Catalog.Rules.Policies.Find("gold")!.Policy.Tags.Order(StringComparer.Ordinal));
        Assert.Equal(33, (await runtime.Policies.GetAsync("gold", CancellationToken.None)).Revision);
    }

    [Fact]
    public async Task Pages_of_policies_and_of_revisions_go_on_where_they_ended()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        foreach (string id in (string[])["a", "b", "c"])
        {
            await runtime.CreateAsync(Sample.Policy(id));
        }

        await runtime.EditAsync("a", policy => policy with { Name = "second" });
        await runtime.EditAsync("a", policy => policy with { Name = "third" });

        StoredPage<Stored<Policy>> first = await runtime.Policies.ListAsync(_ => true, "", "", 2, CancellationToken.None);
        StoredPage<Stored<Policy>> rest = await runtime.Policies.ListAsync(_ => true, "", first.NextPageToken, 2, CancellationToken.None);
        StoredPage<StoredRevision<Policy>> newest = await runtime.Policies.RevisionsAsync("a", "", 2, CancellationToken.None);
        StoredPage<StoredRevision<Policy>> oldest = await runtime.Policies.RevisionsAsync("a", newest.NextPageToken, 2, CancellationToken.None);

        Assert.Equal(["a", "b", "c"], first.Items.Concat(rest.Items).Select(policy => policy.Value.Id));
        Assert.Equal((3L, "", 2), (first.TotalSize, rest.NextPageToken, first.Items.Count));
        Assert.Equal([3L, 2, 1], newest.Items.Concat(oldest.Items).Select(revision => revision.Number));
        Assert.Equal("", oldest.NextPageToken);
        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Policies.RevisionsAsync("b", newest.NextPageToken, 2, CancellationToken.None));
        Assert.Equal("page_token", Assert.Single(error.Findings).Field);
    }

    [Fact]
    public async Task A_key_that_is_made_while_its_policy_is_deleted_is_refused()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        Task<CreatedKey>? creating = null;
        runtime.KeyStore.AfterCount = () => creating ??= runtime.CreateKeyAsync(Sample.Key("gold"));

        await runtime.Policies.DeleteAsync("gold", "", isForced: false, CancellationToken.None);

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => creating!);
        Assert.Equal("apply_policies[0]", error.Findings[0].Field);
    }

    [Fact]
    public async Task A_policy_that_is_deleted_while_a_key_is_made_with_it_stays()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        Task<long>? deleting = null;
        runtime.KeyStore.BeforeCreate = () =>
            deleting ??= runtime.Policies.DeleteAsync("gold", "", isForced: false, CancellationToken.None).AsTask();

        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold"));

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => deleting!);
        Assert.Equal(AdministrationError.FailedPrecondition, error.Error);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }
}
