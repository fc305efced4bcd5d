using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>A server starts without its shared store, decides what it can, and finds the store by itself.</summary>
public sealed class StartWithoutStoreTests
{
    private const string Files = """{"shop":{"api_id":"shop","listen_path":"/shop/","public":[{"url":"/open","methods":["GET"]}]}}""";

    [Fact]
    public async Task Public_paths_of_files_work_keys_are_unavailable_and_all_is_well_once_the_store_answers()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        CreatedKey key = await StoredKeyAsync(store);
        using Folder folder = new();
        store.IsDown = true;

        await using TestRuntime runtime = await TestRuntime.StartAsync(folder.Configure, shared: store);
        Verdict open = await runtime.AskAsync("", api: "", path: "/shop/open");
        Verdict keyed = await runtime.AskAsync(key);
        Verdict nowhere = await runtime.AskAsync(key.ApiKey, api: "", path: "/orders/1");
        Verdict keyless = await runtime.AskAsync("");
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => runtime.CreateAsync(Sample.Policy("silver")));
        string problem = runtime.Status.Problem!;
        string? filesProblem = runtime.FileStatus.Problem;
        store.IsDown = false;
        await runtime.UntilAsync(() => runtime.Status.Problem is null);
        await runtime.UntilAsync(() => runtime.FileStatus.Problem is null);
        Verdict after = await runtime.AskAsync(key);

        Assert.Equal(
            [Reason.Allowed, Reason.StoreUnavailable, Reason.StoreUnavailable, Reason.KeyMissing],
            new[] { open, keyed, nowhere, keyless }.Select(verdict => verdict.Reason));
        Assert.Equal("The store's policies are not loaded yet: The shared store does not answer.", problem);
        Assert.Contains("not loaded yet", error.Message, StringComparison.Ordinal);
        Assert.Contains("could not be stored", filesProblem, StringComparison.Ordinal);
        Assert.Equal((Reason.Allowed, false), (after.Reason, after.IsDegraded));
        Assert.Equal((1, 1), (runtime.Log.Of("StoreUnread").Length, runtime.Log.Of("StoreRead").Length));
        Assert.Single(await store.Documents.LoadAsync(DocumentKind.FileLayer, CancellationToken.None));
        Assert.NotNull(await runtime.CreateAsync(Sample.Policy("silver")));
    }

    [Fact]
    public async Task A_connection_has_it_loaded_without_a_poll()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        CreatedKey key = await StoredKeyAsync(store);
        store.IsDown = true;
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        store.IsDown = false;

        runtime.Feed!.Reconnect();
        await runtime.UntilAsync(() => !runtime.Catalog.IsStoreUnread, polls: false);

        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task While_the_keys_answer_and_the_policies_were_never_loaded_no_key_is_decided_by_half_of_the_rules()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        CreatedKey key = await StoredKeyAsync(store);
        using Folder folder = new();
        store.AreDocumentsDown = true;
        await using TestRuntime runtime = await TestRuntime.StartAsync(folder.Configure, shared: store);
        string id = key.Record.Key.Id;

        Verdict keyed = await runtime.AskAsync(key);
        Verdict again = await runtime.AskAsync(key);
        Verdict unknown = await runtime.AskAsync("partner-key-0123456789");
        Verdict nowhere = await runtime.AskAsync(key.ApiKey, api: "", path: "/orders/1");
        Verdict open = await runtime.AskAsync(key.ApiKey, api: "", path: "/shop/open");

        Assert.Equal(
            [Reason.StoreUnavailable, Reason.StoreUnavailable, Reason.KeyUnknown, Reason.StoreUnavailable, Reason.Allowed],
            new[] { keyed, again, unknown, nowhere, open }.Select(verdict => verdict.Reason));
        Assert.True(keyed.IsDegraded);
        await Assert.ThrowsAsync<StoreException>(async () => await runtime.Runtime.ExplainAsync(Sample.Call(key.ApiKey), "", CancellationToken.None));
        await Assert.ThrowsAsync<StoreException>(() => runtime.CreateKeyAsync(Sample.Key("gold")));
        await Assert.ThrowsAsync<StoreException>(() => runtime.UpdateAsync(key, before => before with { Alias = "x" }));
        await Assert.ThrowsAsync<StoreException>(async () => await runtime.Keys.GetUsageAsync(id, CancellationToken.None));
        await Assert.ThrowsAsync<StoreException>(async () => await runtime.Policies.DeleteAsync("gold", "", isForced: true, CancellationToken.None));
    }

    [Fact]
    public async Task Expired_keys_stay_while_the_policy_that_keeps_them_is_not_known()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using (TestRuntime writer = await TestRuntime.StartAsync(shared: store))
        {
            await writer.CreateAsync(Sample.Policy("gold") with { PostExpiryAction = "retain", PostExpiryGracePeriod = -1 });
            await writer.CreateKeyAsync(Sample.Key("gold") with { Expires = writer.NowSeconds + 10, PostExpiryAction = "delete" });
        }

        store.Time.Advance(TimeSpan.FromSeconds(11));
        store.AreDocumentsDown = true;
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);

        await Assert.ThrowsAsync<StoreException>(() => runtime.ExpiredKeys.SweepAsync(CancellationToken.None));
        store.AreDocumentsDown = false;
        await runtime.UntilAsync(() => runtime.Status.Problem is null);

        Assert.Equal(0, await runtime.ExpiredKeys.SweepAsync(CancellationToken.None));
        Assert.Equal(1, await store.Keys.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_fatal_at_the_start_and_told_where_the_store_came_later()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        CreatedKey key = await StoredKeyAsync(store);
        Document broken = new(DocumentKind.Policy, "broken", 1, "e1", "{\"rate\":"u8.ToArray(), 1);
        await store.Documents.PutAsync(broken, null, "create", CancellationToken.None);

        await Assert.ThrowsAsync<CatalogException>(() => TestRuntime.StartAsync(shared: store));
        store.IsDown = true;
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        store.IsDown = false;
        await runtime.UntilAsync(() => runtime.Log.Of("StoreUnreadable").Length > 0);
        string problem = runtime.Status.Problem!;
        Reason reason = (await runtime.AskAsync(key)).Reason;
        await store.Documents.DeleteAsync(DocumentKind.Policy, "broken", "", 1, CancellationToken.None);
        await runtime.UntilAsync(() => runtime.Status.Problem is null);

        Assert.Contains("are not loaded yet and cannot be read", problem, StringComparison.Ordinal);
        Assert.Equal([Reason.StoreUnavailable, Reason.Allowed], new[] { reason, (await runtime.AskAsync(key)).Reason });
    }

    [Fact]
    public async Task A_store_of_one_process_that_does_not_answer_is_fatal_at_the_start()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        store.HasFeed = false;
        store.IsDown = true;

        await Assert.ThrowsAsync<StoreException>(() => TestRuntime.StartAsync(shared: store));
    }

    private static async Task<CreatedKey> StoredKeyAsync(SharedStore store)
    {
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        return await writer.CreateKeyWithAsync(Sample.Policy("gold", rate: 100));
    }

    private sealed class Folder : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public void Configure(RuntimeOptions options)
        {
            options.ApiFile = Path.Combine(_folder.Path, "apis.json");
            File.WriteAllText(options.ApiFile, Files);
        }

        public void Dispose() => _folder.Dispose();
    }
}
