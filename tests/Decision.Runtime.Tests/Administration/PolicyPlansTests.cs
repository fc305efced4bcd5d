using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Findings;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Administration;

/// <summary>Policies made what they are to be, in one step.</summary>
public sealed class PolicyPlansTests
{
    [Fact]
    public async Task ApplyAsync_creates_changes_and_removes_what_differs_and_nothing_else()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("same"));
        await runtime.CreateAsync(Sample.Policy("changed", rate: 1));
        await runtime.CreateAsync(Sample.Policy("gone"));
        runtime.Time.Advance(TimeSpan.FromSeconds(5));

        PolicyPlan done = await ApplyAsync(runtime, Wanted(Sample.Policy("same"), Sample.Policy("changed", rate: 2), Sample.Policy("new")) with { IsPruned = true });

        Assert.Equal(["changed Updated 2", "gone Deleted 2", "new Created 1", "same Unchanged 1"], done.Policies.Select(Told));
        Assert.Equal([new FieldChange("rate", "rate", "1", "2")], done.Policies[0].Fields);
        Assert.Equal(["changed", "new", "same"], runtime.Catalog.Rules.Policies.Entries.Select(entry => entry.Policy.Id).Order());
        Stored<Policy> changed = await runtime.Policies.GetAsync("changed", CancellationToken.None);
        Assert.Equal((done.Policies[0].Etag, 2L, 2.0), (changed.Etag, changed.Revision, changed.Value.Limits.Rate.Rate));
        Assert.Equal($"{runtime.NowSeconds}", changed.Value.LastUpdated);
        StoredPage<StoredRevision<Policy>> gone = await runtime.Policies.RevisionsAsync("gone", "", 0, CancellationToken.None);
        Assert.Equal(["delete", "create"], gone.Items.Select(one => one.Change));
        Assert.Single((await runtime.Policies.RevisionsAsync("same", "", 0, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task ApplyAsync_again_writes_nothing_whatever_the_stamp_and_the_fingerprint_say()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        WantedPolicies wanted = Wanted(Sample.Policy("gold", rate: 1), Sample.Policy("silver")) with { IsPruned = true };
        PolicyPlan first = await ApplyAsync(runtime, wanted);
        long revision = await RevisionAsync(runtime);

        runtime.Time.Advance(TimeSpan.FromHours(1));
        PolicyPlan again = await ApplyAsync(runtime, Wanted([.. wanted.Policies.Values.Select(policy => policy with { LastUpdated = "77" })]), first.Fingerprint);

        Assert.True(again.IsEmpty);
        Assert.Equal("", again.Fingerprint);
        Assert.Equal(revision, await RevisionAsync(runtime));
    }

    [Fact]
    public async Task ApplyAsync_with_an_error_anywhere_stores_nothing_and_says_all()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        FindingList found = [];
        found.Error("policy broken", "rate", "is wrong.");

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => ApplyAsync(
            runtime,
            Wanted(Sample.Policy("mine") with { OrganizationId = "a" }, Sample.Policy("foreign") with { OrganizationId = "b" }) with
            {
                Findings = found, OrganizationId = "a",
            }));

        Assert.Equal(["policy broken: rate", "policy foreign: org_id"], error.Findings.Select(one => $"{one.Subject}: {one.Field}"));
        Assert.Empty(runtime.Catalog.Rules.Policies.Entries);
    }

    [Fact]
    public async Task ApplyAsync_for_an_organisation_leaves_others_alone_and_takes_none_over()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("a1") with { OrganizationId = "a" });
        await runtime.CreateAsync(Sample.Policy("b1") with { OrganizationId = "b" });

        await ApplyAsync(runtime, Wanted(Sample.Policy("a2") with { OrganizationId = "a" }) with { OrganizationId = "a", IsPruned = true });

        Assert.Equal(["a2", "b1"], runtime.Catalog.Rules.Policies.Entries.Select(entry => entry.Policy.Id).Order());
        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => ApplyAsync(
            runtime, Wanted(Sample.Policy("b1") with { OrganizationId = "a" }) with { OrganizationId = "a" }));
        Assert.Contains("belongs to organisation \"b\" in the store", Assert.Single(error.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_without_any_policy_is_refused_also_to_prune()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => ApplyAsync(runtime, Wanted() with { IsPruned = true }));

        Assert.Equal("wanted", Assert.Single(error.Findings).Field);
        Assert.NotNull(runtime.Catalog.Rules.Policies.Find("gold"));
    }

    [Fact]
    public async Task ApplyAsync_removes_what_keys_use_only_by_force_and_says_how_many()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("used"));
        await runtime.CreateKeyAsync(Sample.Key("used"));
        await runtime.CreateAsync(Sample.Policy("unused"));
        WantedPolicies wanted = Wanted(Sample.Policy("other")) with { IsPruned = true };

        PolicyPlan plan = await Plans(runtime).MakeAsync(wanted, CancellationToken.None);
        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => ApplyAsync(runtime, wanted));

        Assert.True(plan.NeedsForce);
        Assert.Equal(["other 0", "unused 0", "used 2"], plan.Policies.Select(policy => $"{policy.Id} {policy.KeysUsing}"));
        Assert.Equal(AdministrationError.FailedPrecondition, error.Error);
        Assert.Contains("2 keys use policies that would be removed: used (2).", error.Message, StringComparison.Ordinal);
        Assert.Null(runtime.Catalog.Rules.Policies.Find("other"));
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);

        await Plans(runtime).ApplyAsync(wanted, isForced: true, "", CancellationToken.None);

        Assert.Equal(Reason.PolicyMissing, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task ApplyAsync_of_a_plan_that_is_no_longer_the_one_that_was_looked_at_is_refused()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold", rate: 1));
        WantedPolicies wanted = Wanted(Sample.Policy("gold", rate: 3));
        PolicyPlan seen = await Plans(runtime).MakeAsync(wanted, CancellationToken.None);
        await runtime.CreateAsync(Sample.Policy("bystander"));
        Assert.Equal(seen.Fingerprint, (await Plans(runtime).MakeAsync(wanted, CancellationToken.None)).Fingerprint);
        await runtime.EditAsync("gold", policy => policy with { Limits = Sample.Limits(rate: 2) });

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => ApplyAsync(runtime, wanted, seen.Fingerprint));

        Assert.Equal(AdministrationError.Conflict, error.Error);
        Assert.Equal(2, runtime.Catalog.Rules.Policies.Find("gold")!.Policy.Limits.Rate.Rate);
        PolicyPlan next = await Plans(runtime).MakeAsync(wanted, CancellationToken.None);
        Assert.False((await ApplyAsync(runtime, wanted, next.Fingerprint)).IsEmpty);
    }

    [Fact]
    public async Task ApplyAsync_that_another_replica_comes_before_plans_anew()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime a = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime b = await TestRuntime.StartAsync(shared: store);
        await a.CreateAsync(Sample.Policy("gold", rate: 1));
        int writes = 0;
        store.BeforeWriteAll = async () =>
        {
            if (writes++ == 0)
            {
                await b.EditAsync("gold", policy => policy with { Limits = Sample.Limits(rate: 2) });
            }
        };

        PolicyPlan done = await ApplyAsync(a, Wanted(Sample.Policy("gold", rate: 3)));

        Assert.Equal([new FieldChange("rate", "rate", "2", "3")], Assert.Single(done.Policies).Fields);
        Assert.Equal((2, 3L), (writes, done.Policies[0].Revision));
    }

    [Fact]
    public async Task ApplyAsync_that_another_replica_always_comes_before_is_given_up_and_writes_nothing()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime a = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime b = await TestRuntime.StartAsync(shared: store);
        await a.CreateAsync(Sample.Policy("gold", rate: 1));
        int writes = 10;
        store.BeforeWriteAll = async () => await b.EditAsync("gold", policy => policy with { Limits = Sample.Limits(rate: ++writes) });

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            () => ApplyAsync(a, Wanted(Sample.Policy("gold", rate: 3), Sample.Policy("silver"))));

        Assert.Equal(AdministrationError.Conflict, error.Error);
        Assert.Null(await store.Documents.FindAsync(DocumentKind.Policy, "silver", CancellationToken.None));
    }

    [Fact]
    public async Task ApplyAsync_is_heard_by_the_other_replica_as_one_change()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime a = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime b = await TestRuntime.StartAsync(shared: store);

        await ApplyAsync(a, Wanted(Sample.Policy("gold"), Sample.Policy("silver")));

        await b.UntilAsync(() => b.Catalog.Rules.Policies.Count > 0, polls: false);
        Assert.Equal(2, b.Catalog.Rules.Policies.Count);
    }

    [Fact]
    public async Task An_edit_of_what_another_replica_wrote_together_leaves_no_part_of_that_behind()
    {
        // Nothing is heard, and no time passes: what this replica knows of the other's writes it has to find by itself.
        await using SharedStore store = await SharedStore.OpenAsync();
        store.HasFeed = false;
        await using TestRuntime a = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime b = await TestRuntime.StartAsync(shared: store);
        await ApplyAsync(a, Wanted(Sample.Policy("one", rate: 1), Sample.Policy("two", rate: 1), Sample.Policy("three", rate: 1)));
        await ApplyAsync(b, Wanted(Sample.Policy("one", rate: 2), Sample.Policy("two", rate: 2), Sample.Policy("three", rate: 2)));
        Assert.Equal([1.0, 1, 1], Rates(a));

        await a.EditAsync("one", policy => policy with { Name = "edited" });
        Assert.Equal([2.0, 2, 2], Rates(a));

        await ApplyAsync(b, Wanted(Sample.Policy("one", rate: 3), Sample.Policy("two", rate: 3), Sample.Policy("three", rate: 3)));
        await a.Policies.DeleteAsync("three", "", false, CancellationToken.None);
        Assert.Equal([3.0, 3], Rates(a));
    }

    [Fact]
    public async Task ApplyAsync_where_the_store_fails_changes_nothing_in_force()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime a = await TestRuntime.StartAsync(shared: store);
        store.BeforeWriteAll = () =>
        {
            store.AreDocumentsDown = true;
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<StoreException>(() => ApplyAsync(a, Wanted(Sample.Policy("gold"))));

        Assert.Empty(a.Catalog.Rules.Policies.Entries);
    }

    [Fact]
    public async Task ApplyAsync_of_more_changes_than_the_store_takes_at_once_is_refused_and_writes_nothing()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        store.MostWrites = 2;
        await using TestRuntime a = await TestRuntime.StartAsync(shared: store);
        await ApplyAsync(a, Wanted(Sample.Policy("one"), Sample.Policy("two")));

        // What does not change does not count.
        await ApplyAsync(a, Wanted(Sample.Policy("one"), Sample.Policy("two"), Sample.Policy("three")));
        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            () => ApplyAsync(a, Wanted(Sample.Policy("one", rate: 1), Sample.Policy("two", rate: 1), Sample.Policy("three", rate: 1))));

        Assert.Contains("changes 3 policies, and the store takes 2 at once", Assert.Single(error.Findings).Message, StringComparison.Ordinal);
        Assert.Equal([-1.0, -1, -1], Rates(a));
    }

    private static double[] Rates(TestRuntime runtime) =>
        [.. runtime.Catalog.Rules.Policies.Entries.OrderBy(entry => entry.Policy.Id, StringComparer.Ordinal).Select(entry => entry.Policy.Limits.Rate.Rate)];

    private static PolicyPlans Plans(TestRuntime runtime) => runtime.Services.GetRequiredService<PolicyPlans>();

    private static Task<PolicyPlan> ApplyAsync(TestRuntime runtime, WantedPolicies wanted, string fingerprint = "") =>
        Plans(runtime).ApplyAsync(wanted, isForced: false, fingerprint, CancellationToken.None).AsTask();

    private static Task<long> RevisionAsync(TestRuntime runtime) =>
        runtime.Services.GetRequiredService<IDocumentStore>().RevisionAsync(CancellationToken.None).AsTask();

    private static WantedPolicies Wanted(params Policy[] policies) =>
        new(policies.ToImmutableDictionary(policy => policy.Id, StringComparer.Ordinal), []);

    private static string Told(PolicyChange policy) => $"{policy.Id} {policy.Kind} {policy.Revision}";
}
