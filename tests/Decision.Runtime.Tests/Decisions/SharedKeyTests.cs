using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Credentials;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>Two replicas on one store: what one of them did to a key bites on the other at its next request, without any push.</summary>
public sealed class SharedKeyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_another_replica_switches_off_on_or_deletes_is_decided_so_at_its_next_request(bool hasLimits)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(hasLimits ? Sample.OwnKey(rate: 100) : Sample.OwnKey());

        Reason first = (await reader.AskAsync(key)).Reason;
        await writer.UpdateAsync(key, before => before with { IsInactive = true });
        Reason off = (await reader.AskAsync(key)).Reason;
        await writer.UpdateAsync(key, before => before with { IsInactive = false });
        Reason on = (await reader.AskAsync(key)).Reason;
        await writer.Keys.DeleteAsync(key.Record.Key.Id, "", CancellationToken.None);
        Reason gone = (await reader.AskAsync(key)).Reason;

        Assert.Equal([Reason.Allowed, Reason.KeyInactive, Reason.Allowed, Reason.KeyUnknown], new[] { first, off, on, gone });
    }

    [Fact]
    public async Task A_rotation_by_another_replica_lets_the_new_text_in_and_the_old_one_out_at_once()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey(quota: 10));
        await reader.AskAsync(key);

        RotatedKey rotated = await writer.Keys.RotateAsync(key.Record.Key.Id, TimeSpan.Zero, "", CancellationToken.None);
        Verdict fresh = await reader.AskAsync(rotated.ApiKey);
        Verdict old = await reader.AskAsync(key);

        Assert.Equal((Reason.Allowed, Reason.KeyUnknown), (fresh.Reason, old.Reason));
        Assert.Equal(8, fresh.Outcomes[0].Remaining);
    }

    [Fact]
    public async Task A_custom_text_that_another_replica_gave_away_is_its_new_owner_s()
    {
        const string Custom = "partner-key-0123456789";
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey first = await writer.CreateKeyAsync(Sample.OwnKey(), Custom);
        await reader.AskAsync(Custom);

        await writer.Keys.DeleteAsync(first.Record.Key.Id, "", CancellationToken.None);
        CreatedKey second = await writer.CreateKeyAsync(Sample.OwnKey(), Custom);
        Verdict verdict = await reader.AskAsync(Custom);

        Assert.Equal((Reason.Allowed, second.Record.Key.Id), (verdict.Reason, verdict.Grant!.KeyId));
    }

    [Fact]
    public async Task A_denial_from_memory_costs_one_comparison_and_one_read_just_now_costs_none()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey(rate: 100));
        string forged = KeyToken.Create(key.Record.Key.Id, new byte[KeyToken.SecretRandomLength]);

        async Task<(Reason Reason, int Comparisons, int Reads)> AskAsync(string text, string api = Sample.Api)
        {
            (int spendings, int finds) = (runtime.Counters.Spendings, runtime.KeyStore.Finds.Count);
            Verdict verdict = await runtime.AskAsync(text, api);
            return (verdict.Reason, runtime.Counters.Spendings - spendings, runtime.KeyStore.Finds.Count - finds);
        }

        Assert.Equal((Reason.ApiNotGranted, 0, 1), await AskAsync(key.ApiKey, "billing"));
        Assert.Equal((Reason.ApiNotGranted, 1, 0), await AskAsync(key.ApiKey, "billing"));
        Assert.Equal((Reason.KeyUnknown, 1, 0), await AskAsync(forged));
        Assert.Equal((Reason.Allowed, 1, 0), await AskAsync(key.ApiKey));
        Assert.Equal((Reason.KeyMissing, 0, 0), await AskAsync(""));
        Assert.Equal(1, (await runtime.Keys.GetUsageAsync(key.Record.Key.Id, CancellationToken.None)).Sum(reading => reading.Used));
    }

    [Fact]
    public async Task What_is_decided_without_the_key_is_not_compared()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        await runtime.Apis.CreateAsync(
            new Api { Id = Sample.Api, ListenPath = "/orders/", Public = [new AllowedUrl("/open", ["GET"])] }, CancellationToken.None);
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey(rate: 100));
        await runtime.AskAsync(key);
        int before = runtime.Counters.Spendings;

        Verdict open = await runtime.AskAsync(key.ApiKey, api: "", path: "/orders/open");
        Verdict nowhere = await runtime.AskAsync(key.ApiKey, api: "", path: "/elsewhere");

        Assert.Equal((Reason.Allowed, Reason.ApiUnknown, before), (open.Reason, nowhere.Reason, runtime.Counters.Spendings));
    }

    [Fact]
    public async Task A_denial_stands_where_the_store_cannot_confirm_it()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        await runtime.AskAsync(key);
        store.IsDown = true;

        Verdict later = await runtime.AskAsync(key, api: "billing");
        runtime.Counters.Failure = CounterFailure.AtOnce;
        Verdict atOnce = await runtime.AskAsync(key, api: "billing");

        Assert.All([later, atOnce], verdict => Assert.Equal((Reason.ApiNotGranted, false), (verdict.Reason, verdict.IsDegraded)));
    }

    [Fact]
    public async Task An_administrator_finds_a_key_by_the_text_that_it_has_now()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey());
        await reader.AskAsync(key);

        RotatedKey rotated = await writer.Keys.RotateAsync(key.Record.Key.Id, TimeSpan.Zero, "", CancellationToken.None);

        Assert.Equal(key.Record.Key.Id, await reader.Keys.FindIdAsync(rotated.ApiKey, CancellationToken.None));
        Assert.Null(await reader.Keys.FindIdAsync(key.ApiKey, CancellationToken.None));
        Assert.Equal(
            Reason.KeyUnknown, (await reader.Runtime.ExplainAsync(Sample.Call(key.ApiKey), "", CancellationToken.None)).Verdict.Reason);
    }
}
