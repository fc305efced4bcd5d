using System.Text;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Tests.Administration;

/// <summary>What one replica writes comes into force on the others.</summary>
public sealed class FollowTests
{
    [Fact]
    public async Task A_policy_an_API_and_an_organisation_of_another_replica_come_by_push_without_a_poll()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);

        CreatedKey key = await writer.CreateKeyWithAsync(Sample.Policy("gold", rate: 100) with { OrganizationId = "acme" });
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.ContainsKey("gold"), polls: false);
        Verdict first = await reader.AskAsync(key);
        await writer.EditAsync("gold", policy => policy with { Limits = Sample.Limits(rate: 50) });
        await reader.UntilAsync(() => reader.Catalog.Store.Policies["gold"].Revision == 2, polls: false);
        Verdict second = await reader.AskAsync(key);
        await writer.Organizations.CreateAsync(new Organization { Id = "acme", IsInactive = true }, CancellationToken.None);
        await reader.UntilAsync(() => reader.Catalog.Store.Organizations.Count == 1, polls: false);
        Verdict third = await reader.AskAsync(key);
        await writer.Apis.CreateAsync(new Api { Id = Sample.Api, ListenPath = "/orders/" }, CancellationToken.None);
        await reader.UntilAsync(() => reader.Catalog.Store.Apis.Count == 1, polls: false);
        Verdict fourth = await reader.AskAsync(key);

        Assert.Equal(
            [Reason.Allowed, Reason.Allowed, Reason.KeyInactive, Reason.OrganizationMismatch],
            new[] { first, second, third, fourth }.Select(verdict => verdict.Reason));
        Assert.Equal((100L, 50L), (first.Charges[0].Max, second.Charges[0].Max));
    }

    [Fact]
    public async Task A_push_that_was_lost_is_found_at_the_next_poll_and_a_deletion_too()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        reader.Feed!.IsCut = true;
        await writer.CreateAsync(Sample.Policy("gold"));
        await writer.CreateAsync(Sample.Policy("silver"));

        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 2);
        await writer.Policies.DeleteAsync("gold", "", isForced: false, CancellationToken.None);
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 1);

        Assert.Equal("silver", Assert.Single(reader.Catalog.Rules.Policies.Entries).Policy.Id);
    }

    [Fact]
    public async Task A_connection_that_stands_again_has_the_store_read_at_once()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey());
        await reader.AskAsync(key);
        reader.Feed!.IsCut = true;
        await writer.CreateAsync(Sample.Policy("gold"));

        reader.Feed.Reconnect();
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 1, polls: false);

        Assert.Equal(1, reader.Records.Count);
    }

    [Fact]
    public async Task A_key_of_which_a_push_tells_leaves_memory()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey());
        await reader.AskAsync(key);

        await writer.UpdateAsync(key, before => before with { Alias = "new" });

        Assert.Equal(0, reader.Records.Count);
    }

    [Fact]
    public async Task What_did_not_change_stays_the_same_object_and_grants_of_it_stay()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyWithAsync(Sample.Policy("gold", rate: 100));
        await writer.CreateAsync(Sample.Policy("silver"));
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 2);
        var entry = reader.Catalog.Store.Policies["gold"];
        Verdict before = await reader.AskAsync(key);

        await writer.EditAsync("silver", policy => policy with { Name = "Silver" });
        await reader.UntilAsync(() => reader.Catalog.Store.Policies["silver"].Revision == 2);
        Verdict after = await reader.AskAsync(key);
        var rules = reader.Catalog.Rules;
        int checks = 0;
        reader.Follower.Checked += _ => Interlocked.Increment(ref checks);
        reader.Feed!.Push(listener => listener.DocumentsChanged());
        await reader.UntilAsync(() => checks >= 2);

        Assert.Same(entry, reader.Catalog.Store.Policies["gold"]);
        Assert.Same(before.Grant, after.Grant);
        Assert.Same(rules, reader.Catalog.Rules);
    }

    [Fact]
    public async Task A_document_that_a_failover_took_back_and_another_replaced_under_the_same_revision_is_read()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        await store.Documents.PutAsync(Stored("gold", 2, "first"), "", "update", CancellationToken.None);
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 1);
        await store.Documents.DeleteAsync(DocumentKind.Policy, "gold", "", 1, CancellationToken.None);
        await store.Documents.PutAsync(Stored("gold", 4, "second") with { Etag = "other" }, "", "update", CancellationToken.None);

        await reader.UntilAsync(() => reader.Catalog.Store.Policies["gold"].Policy.Name == "second");

        Assert.Equal("other", reader.Catalog.Store.Etags[(DocumentKind.Policy, "gold")]);
    }

    [Fact]
    public async Task A_thousand_pushes_cost_a_few_readings_and_a_quiet_store_none()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        TaskCompletionSource hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.AfterLoad = () => hold.Task;
        int before = store.Loads;
        for (int push = 0; push < 1_000; push++)
        {
            reader.Feed!.Push(listener => listener.DocumentsChanged());
        }

        int checks = 0;
        reader.Follower.Checked += _ => Interlocked.Increment(ref checks);
        hold.SetResult();
        await reader.UntilAsync(() => checks >= 10);

        Assert.InRange(store.Loads - before, 1, 3);
    }

    [Fact]
    public async Task A_reading_never_undoes_a_write_of_this_replica()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        await runtime.CreateAsync(Sample.Policy("gold", rate: 1));
        TaskCompletionSource isReading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.AfterLoad = () =>
        {
            isReading.TrySetResult();
            return hold.Task;
        };
        runtime.Feed!.Push(listener => listener.DocumentsChanged());
        await isReading.Task;

        Task<Written<Policy>> write = runtime.EditAsync("gold", policy => policy with { Limits = Sample.Limits(rate: 2) });
        hold.SetResult();
        await write;
        double rate = runtime.Catalog.Rules.Policies.Find("gold")!.Policy.Limits.Rate.Rate;

        Assert.Equal(2, rate);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_keeps_the_set_in_force_and_is_told_once_until_it_is_mended()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        await store.Documents.PutAsync(Stored("gold", 1, "good"), null, "create", CancellationToken.None);
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 1);
        await store.Documents.PutAsync(Stored("gold", 2, "new"), "", "update", CancellationToken.None);
        await store.Documents.PutAsync(Stored("broken", 1, "") with { Json = "{\"rate\":"u8.ToArray() }, null, "create", CancellationToken.None);

        await reader.UntilAsync(() => reader.Status.Problem is not null);
        int loads = store.Loads;
        int checks = 0;
        reader.Follower.Checked += _ => Interlocked.Increment(ref checks);
        await reader.UntilAsync(() => checks >= 3);
        string problem = reader.Status.Problem!;
        string name = reader.Catalog.Rules.Policies.Find("gold")!.Policy.Name;
        await store.Documents.DeleteAsync(DocumentKind.Policy, "broken", "", 1, CancellationToken.None);
        await reader.UntilAsync(() => reader.Status.Problem is null);

        Assert.Contains("those in force stay", problem, StringComparison.Ordinal);
        Assert.Equal(("good", loads + 1), (name, store.Loads));
        Assert.Single(reader.Log.Of("StoreUnreadable"));
        Assert.Single(reader.Log.Of("StoreReadable"));
        Assert.Equal("new", reader.Catalog.Rules.Policies.Find("gold")!.Policy.Name);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_keeps_the_set_in_force_and_what_was_told_is_read_afterwards()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        await store.Documents.PutAsync(Stored("gold", 1, "good"), null, "create", CancellationToken.None);
        await reader.UntilAsync(() => reader.Catalog.Store.Policies.Count == 1);
        store.IsDown = true;
        await reader.UntilAsync(() => reader.Status.Problem is not null);
        reader.Feed!.Push(listener => listener.DocumentsChanged());
        int checks = 0;
        reader.Follower.Checked += _ => Interlocked.Increment(ref checks);
        await reader.UntilAsync(() => checks >= 3);
        string problem = reader.Status.Problem!;
        int loads = store.Loads;

        store.IsDown = false;
        await reader.UntilAsync(() => reader.Status.Problem is null);

        Assert.Equal("Changes of the store's policies may not be in force: The shared store does not answer.", problem);
        Assert.Equal(loads + 1, store.Loads);
        Assert.Single(reader.Catalog.Store.Policies);
        Assert.Equal((1, 1), (reader.Log.Of("CheckFailed").Length, reader.Log.Of("CheckAnswers").Length));
    }

    [Fact]
    public async Task A_poll_interval_out_of_its_range_is_refused_at_the_start()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestRuntime.StartAsync(options => options.CatalogPollInterval = TimeSpan.FromMilliseconds(9)));

        Assert.Contains("CatalogPollInterval", error.Message, StringComparison.Ordinal);
    }

    private static Document Stored(string id, long revision, string name) => new(
        DocumentKind.Policy, id, revision, $"e{revision}", Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","name":"{{name}}"}"""), 1_000_000);
}
