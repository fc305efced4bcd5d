using Decision.Engine;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>Rotating, deleting and listing keys, and their counters.</summary>
public sealed class KeyUseTests
{
    [Fact]
    public async Task Rotated_without_overlap_the_old_text_is_unknown_and_all_else_stays()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5) with { KeyExpiresIn = 1000 });
        await runtime.AskAsync(key, 2);
        runtime.Time.Advance(TimeSpan.FromSeconds(10));

        RotatedKey rotated = await runtime.Keys.RotateAsync(key.Record.Key.Id, TimeSpan.Zero, "", CancellationToken.None);

        Verdict fresh = await runtime.AskAsync(rotated.ApiKey);
        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(key)).Reason);
        Assert.Equal((Reason.Allowed, 2L), (fresh.Reason, fresh.Outcomes[0].Remaining));
        Assert.Equal((0, key.Record.Key.Id, key.Record.Key.Expires), (rotated.PreviousEndsAtUs, rotated.Record.Key.Id, rotated.Record.Key.Expires));
    }

    [Fact]
    public async Task In_an_overlap_both_texts_are_accepted_until_its_last_microsecond()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());

        RotatedKey rotated = await runtime.Keys.RotateAsync(key.Record.Key.Id, TimeSpan.FromSeconds(60), "", CancellationToken.None);
        runtime.Time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMicroseconds(1));
        Verdict[] inside = [await runtime.AskAsync(key), await runtime.AskAsync(rotated.ApiKey)];
        runtime.Time.Advance(TimeSpan.FromMicroseconds(1));
        Verdict[] after = [await runtime.AskAsync(key), await runtime.AskAsync(rotated.ApiKey)];

        Assert.Equal(runtime.Time.NowUs(), rotated.PreviousEndsAtUs);
        Assert.Equal([Reason.Allowed, Reason.Allowed], inside.Select(verdict => verdict.Reason));
        Assert.Equal([Reason.KeyUnknown, Reason.Allowed], after.Select(verdict => verdict.Reason));
    }

    [Fact]
    public async Task A_second_rotation_in_an_overlap_ends_the_oldest_text()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey first = await runtime.CreateKeyAsync(Sample.OwnKey());
        string id = first.Record.Key.Id;

        RotatedKey second = await runtime.Keys.RotateAsync(id, TimeSpan.FromSeconds(60), "", CancellationToken.None);
        RotatedKey third = await runtime.Keys.RotateAsync(id, TimeSpan.FromSeconds(60), "", CancellationToken.None);

        Reason[] reasons = [(await runtime.AskAsync(first)).Reason, (await runtime.AskAsync(second.ApiKey)).Reason, (await runtime.AskAsync(third.ApiKey)).Reason];
        Assert.Equal([Reason.KeyUnknown, Reason.Allowed, Reason.Allowed], reasons);
        Assert.Equal(2, third.Record.Hashes.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(90 * 86_400 + 1)]
    public async Task An_overlap_out_of_range_is_refused(int seconds)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Keys.RotateAsync(key.Record.Key.Id, TimeSpan.FromSeconds(seconds), "", CancellationToken.None));

        Assert.Equal("overlap", Assert.Single(error.Findings).Field);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_deleted_key_is_gone_with_its_counters()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 5, quota: 5));
        Verdict last = await runtime.AskAsync(key);

        await runtime.Keys.DeleteAsync(key.Record.Key.Id, "", CancellationToken.None);

        IReadOnlyList<CounterReading> readings = await runtime.Counters.ReadAsync([last.Charges[0], last.Charges[1]], CancellationToken.None);
        AdministrationException again = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Keys.DeleteAsync(key.Record.Key.Id, "", CancellationToken.None));
        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(key)).Reason);
        Assert.Equal([0L, 0], readings.Select(reading => reading.Used));
        Assert.Equal(AdministrationError.NotFound, again.Error);
    }

    [Fact]
    public async Task Usage_shows_each_counter_once_and_an_update_of_the_key_resets_none()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await PerApiKeyAsync(runtime);
        await runtime.AskAsync(key, 2, "api1");
        await runtime.AskAsync(key, 3, "api2");
        await runtime.AskAsync(key, 5, "api3");

        string[] usage = await runtime.UsageAsync(key);
        await runtime.UpdateAsync(key, before => before with { Alias = "x" });

        Assert.Equal(["quota api:api1 2/100", "quota api:api2 3/200", "quota policy:each 5/50"], usage);
        Assert.Equal(usage, await runtime.UsageAsync(key));
    }

    [Theory]
    [InlineData("", "", "0 0 0")]
    [InlineData("quota", "", "0 0 0")]
    [InlineData("", "api:api1", "0 3 5")]
    [InlineData("quota", "policy:each", "2 3 0")]
    public async Task A_reset_clears_what_it_names_and_says_what_that_held(string name, string scope, string left)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await PerApiKeyAsync(runtime);
        await runtime.AskAsync(key, 2, "api1");
        await runtime.AskAsync(key, 3, "api2");
        await runtime.AskAsync(key, 5, "api3");

        IReadOnlyList<CounterReading> before = await runtime.Keys.ResetUsageAsync(key.Record.Key.Id, name, scope, CancellationToken.None);

        IReadOnlyList<CounterReading> after = await runtime.Keys.GetUsageAsync(key.Record.Key.Id, CancellationToken.None);
        Assert.Equal(left, string.Join(' ', after.Select(reading => reading.Used)));
        Assert.Equal(10 - after.Sum(reading => reading.Used), before.Sum(reading => reading.Used));
    }

    [Fact]
    public async Task A_wrong_scope_names_the_valid_ones_of_the_limit_that_was_asked_for()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("rates", rate: 5));
        await runtime.CreateAsync(Sample.Policy("quotas", quota: 5));
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 5, quota: 5) with
        {
            Limits = new LimitSettings { Rate = new RateSettings(5, 60) },
        });
        string id = key.Record.Key.Id;

        AdministrationException any = await Assert.ThrowsAsync<AdministrationException>(async () => await runtime.Keys.ResetUsageAsync(id, "", "key", CancellationToken.None));
        AdministrationException quota = await Assert.ThrowsAsync<AdministrationException>(async () => await runtime.Keys.ResetUsageAsync(id, "quota", "policy:gold", CancellationToken.None));
        AdministrationException name = await Assert.ThrowsAsync<AdministrationException>(async () => await runtime.Keys.ResetUsageAsync(id, "speed", "", CancellationToken.None));

        Assert.EndsWith("\"key\" is not counted; the key counts on: policy:gold.", any.Findings[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("\"policy:gold\" is not counted; the key has no such limit.", quota.Findings[0].Message, StringComparison.Ordinal);
        Assert.Equal("name", name.Findings[0].Field);
    }

    [Fact]
    public async Task An_adjustment_moves_the_quota_that_it_names()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await PerApiKeyAsync(runtime);
        string id = key.Record.Key.Id;
        await runtime.AskAsync(key, 2, "api1");

        CounterReading byApi = await runtime.Keys.AdjustUsageAsync(id, "", "api1", 98, CancellationToken.None);
        Reason full = (await runtime.AskAsync(key, "api1")).Reason;
        CounterReading byScope = await runtime.Keys.AdjustUsageAsync(id, "api:api1", "", -1000, CancellationToken.None);
        CounterReading ofPolicy = await runtime.Keys.AdjustUsageAsync(id, "", "api3", 7, CancellationToken.None);

        Assert.Equal((100L, Reason.QuotaExceeded, 0L, 7L), (byApi.Used, full, byScope.Used, ofPolicy.Used));
        Assert.Equal("policy:each", ofPolicy.Charge.Scope);
        foreach ((string scope, string api, AdministrationError kind) in ((string, string, AdministrationError)[])
            [
                ("", "", AdministrationError.Invalid),
                ("api:api1", "api1", AdministrationError.Invalid),
                ("key", "", AdministrationError.FailedPrecondition),
                ("", "api9", AdministrationError.FailedPrecondition),
            ])
        {
            AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
                async () => await runtime.Keys.AdjustUsageAsync(id, scope, api, 1, CancellationToken.None));
            Assert.Equal(kind, error.Error);
        }
    }

    [Fact]
    public async Task The_only_quota_needs_no_name()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey(quota: 3));

        CounterReading reading = await runtime.Keys.AdjustUsageAsync(key.Record.Key.Id, "", "", 3, CancellationToken.None);

        Assert.Equal((3L, 0L), (reading.Used, reading.Remaining));
        Assert.Equal(Reason.QuotaExceeded, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task Pages_give_every_key_once_in_order_and_their_tokens_fit_one_filter()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        List<string> ids = [];
        for (int number = 0; number < 5; number++)
        {
            ids.Add((await runtime.CreateKeyAsync(Sample.OwnKey() with { Tags = ["t"] })).Record.Key.Id);
        }

        KeyFilter filter = new(Tag: "t");
        List<string> listed = [];
        string token = "";
        do
        {
            StoredPage<KeyRecord> page = await runtime.Keys.ListAsync(filter, token, 2, CancellationToken.None);
            listed.AddRange(page.Items.Select(record => record.Key.Id));
            Assert.Equal(5, page.TotalSize);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(ids.Order(StringComparer.Ordinal), listed);
        string given = (await runtime.Keys.ListAsync(filter, "", 2, CancellationToken.None)).NextPageToken;
        foreach ((KeyFilter other, string wrong, int size, string field) in ((KeyFilter, string, int, string)[])
            [(KeyFilter.All, given, 2, "page_token"), (filter, "garbage!", 2, "page_token"), (filter, given + "A", -1, "page_size"), (filter, "AAAA", 2, "page_token")])
        {
            AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
                async () => await runtime.Keys.ListAsync(other, wrong, size, CancellationToken.None));
            Assert.Equal(field, Assert.Single(error.Findings).Field);
        }
    }

    // Two APIs with their own quota, and one that falls back to the policy's.
    private static Task<CreatedKey> PerApiKeyAsync(TestRuntime runtime) => runtime.CreateKeyWithAsync(Sample.Policy("each", quota: 50) with
    {
        Partitions = new Partitions(false, false, false, false, true),
        AccessRights = Sample.On("api3")
            .SetItem("api1", new AccessRight { ApiId = "api1", Limit = Sample.Limits(quota: 100) })
            .SetItem("api2", new AccessRight { ApiId = "api2", Limit = Sample.Limits(quota: 200) }),
    });
}
