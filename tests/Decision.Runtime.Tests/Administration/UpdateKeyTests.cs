using Decision.Engine;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>Changing keys.</summary>
public sealed class UpdateKeyTests
{
    [Fact]
    public async Task An_update_keeps_id_creation_and_texts()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        runtime.Time.Advance(TimeSpan.FromSeconds(10));

        UpdatedKey updated = await runtime.UpdateAsync(key, before => before with { Id = "other", DateCreatedUs = 1, Alias = "Ann" });

        Assert.Equal(
            (key.Record.Key.Id, key.Record.Key.DateCreatedUs, "Ann", $"{runtime.NowSeconds}"),
            (updated.Record.Key.Id, updated.Record.Key.DateCreatedUs, updated.Record.Key.Alias, updated.Record.Key.LastUpdated));
        Assert.NotEqual(key.Record.Version, updated.Record.Version);
        Assert.Equal("Ann", (await runtime.AskAsync(key)).Grant!.Merged.Key.Alias);
    }

    [Fact]
    public async Task An_inactive_key_is_refused_at_the_next_request_and_back_when_it_is_active_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        Assert.Equal([Reason.Allowed], await runtime.AskAsync(key, 1));

        await runtime.UpdateAsync(key, before => before with { IsInactive = true });
        Reason[] inactive = await runtime.AskAsync(key, 1);
        await runtime.UpdateAsync(key, before => before with { IsInactive = false });

        Assert.Equal([Reason.KeyInactive], inactive);
        Assert.Equal([Reason.Allowed], await runtime.AskAsync(key, 1));
    }

    [Fact]
    public async Task Adding_a_policy_and_taking_all_away_leaves_the_keys_own_rights()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("access") with { Partitions = new Partitions(false, false, true, false, false) });
        await runtime.CreateAsync(Sample.Policy("rates", rate: 9) with { Partitions = new Partitions(false, true, false, false, false) });
        await runtime.CreateAsync(Sample.Policy("quotas", quota: 9) with { Partitions = new Partitions(true, false, false, false, false) });
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { ApplyPolicies = ["access", "rates"] });

        await runtime.UpdateAsync(key, before => before with { ApplyPolicies = [.. before.ApplyPolicies, "quotas"] });
        Verdict three = await runtime.AskAsync(key);
        await runtime.UpdateAsync(key, before => before with { ApplyPolicies = [] });
        Verdict none = await runtime.AskAsync(key);

        Assert.Equal((3, 2), (three.Grant!.Policies.Length, three.Charges.Count));
        Assert.Equal((Reason.Allowed, 0, 0), (none.Reason, none.Grant!.Policies.Length, none.Charges.Count));
    }

    [Fact]
    public async Task What_a_policy_gave_goes_with_it()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold") with { Tags = ["vip"], Metadata = Sample.Metadata(("plan", "gold")), IsInactive = true });
        CreatedKey key = await runtime.CreateKeyAsync(
            Sample.OwnKey() with { ApplyPolicies = ["gold"], Tags = ["own"], Metadata = Sample.Metadata(("plan", "none")) });
        Verdict with = await runtime.AskAsync(key);

        await runtime.UpdateAsync(key, before => before with { ApplyPolicies = [] });
        Verdict without = await runtime.AskAsync(key);

        Assert.Equal((Reason.KeyInactive, "gold"), (with.Reason, with.Grant!.Merged.Metadata["plan"].GetString()));
        Assert.Equal(["own", "vip"], with.Grant.Merged.Tags.Order());
        Assert.Equal((Reason.Allowed, "none"), (without.Reason, without.Grant!.Merged.Metadata["plan"].GetString()));
        Assert.Equal(["own"], without.Grant.Merged.Tags);
        Assert.Equal(["own"], (await runtime.Keys.GetAsync(key.Record.Key.Id, CancellationToken.None)).Key.Tags);
    }

    [Fact]
    public async Task A_wrong_update_says_all_that_is_wrong_and_changes_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            () => runtime.UpdateAsync(key, before => before with { ApplyPolicies = ["lost"], Limits = Sample.Limits(rate: -2) }));

        Assert.Equal(["rate", "apply_policies[0]"], error.Findings.Where(f => f.Severity == Engine.Findings.FindingSeverity.Error).Select(f => f.Field));
        Assert.Equal(key.Record.Version, (await runtime.Keys.GetAsync(key.Record.Key.Id, CancellationToken.None)).Version);
    }

    [Fact]
    public async Task An_etag_of_an_earlier_state_is_a_conflict_and_the_newest_is_none()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        UpdatedKey first = await runtime.UpdateAsync(key, before => before with { Alias = "first" }, etag: Sample.Etag(key));
        string id = key.Record.Key.Id;

        AdministrationException[] errors =
        [
            await Assert.ThrowsAsync<AdministrationException>(() => runtime.UpdateAsync(key, before => before with { Alias = "second" }, etag: Sample.Etag(key))),
            await Assert.ThrowsAsync<AdministrationException>(async () => await runtime.Keys.RotateAsync(id, TimeSpan.Zero, Sample.Etag(key), CancellationToken.None)),
            await Assert.ThrowsAsync<AdministrationException>(async () => await runtime.Keys.DeleteAsync(id, Sample.Etag(key), CancellationToken.None)),
        ];

        Assert.All(errors, error => Assert.Equal(AdministrationError.Conflict, error.Error));
        Assert.Equal("first", (await runtime.AskAsync(key)).Grant!.Merged.Key.Alias);
        await runtime.Keys.DeleteAsync(id, KeyEtag.Write(first.Record.Version), CancellationToken.None);
        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task Of_many_updates_at_the_same_time_none_is_lost()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        string[] tags = [.. Enumerable.Range(0, 64).Select(number => $"tag-{number:00}")];

        await Task.WhenAll(tags.Select(tag => Task.Run(() => runtime.UpdateAsync(key, before => before with { Tags = before.Tags.Add(tag) }))));

        Assert.Equal(tags, (await runtime.AskAsync(key)).Grant!.Merged.Key.Tags.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_many_updates_with_one_etag_one_succeeds()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());

        AdministrationError?[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            try
            {
                await runtime.UpdateAsync(key, before => before with { Tags = before.Tags.Add($"{number}") }, etag: Sample.Etag(key));
                return (AdministrationError?)null;
            }
            catch (AdministrationException error)
            {
                return error.Error;
            }
        })));

        Assert.Single(results, result => result is null);
        Assert.Equal(15, results.Count(result => result == AdministrationError.Conflict));
        Assert.Single((await runtime.AskAsync(key)).Grant!.Merged.Key.Tags);
    }

    [Fact]
    public async Task A_signature_secret_is_made_once_replaced_when_given_and_kept_else()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());

        UpdatedKey made = await runtime.UpdateAsync(key, before => before with { HmacEnabled = true });
        UpdatedKey kept = await runtime.UpdateAsync(key, before => before with { Alias = "x" });
        UpdatedKey given = await runtime.UpdateAsync(key, before => before with { HmacString = "imported-secret" });

        Assert.Equal((64, "", ""), (made.HmacString.Length, kept.HmacString, given.HmacString));
        Assert.Equal(made.Record.SealedHmacString, kept.Record.SealedHmacString);
        Assert.Equal("", given.Record.Key.HmacString);
        Assert.Equal(Reason.SignatureInvalid, await SignedAsync(runtime, key, made.HmacString));
        Assert.Equal(Reason.Allowed, await SignedAsync(runtime, key, "imported-secret"));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_still_bites()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey updated = await runtime.CreateKeyAsync(Sample.OwnKey());
        CreatedKey deleted = await runtime.CreateKeyAsync(Sample.OwnKey());
        await runtime.AskAsync(updated);
        await runtime.AskAsync(deleted);
        runtime.KeyStore.LosesAnswers = true;

        await Assert.ThrowsAsync<StoreException>(() => runtime.UpdateAsync(updated, before => before with { IsInactive = true }));
        await Assert.ThrowsAsync<StoreException>(async () => await runtime.Keys.DeleteAsync(deleted.Record.Key.Id, "", CancellationToken.None));

        Assert.Equal(Reason.KeyInactive, (await runtime.AskAsync(updated)).Reason);
        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(deleted)).Reason);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_not_found_and_a_text_in_the_ids_place_is_not_repeated()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());

        AdministrationException byText = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Keys.GetAsync(key.ApiKey, CancellationToken.None));
        AdministrationException byId = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Keys.UpdateAsync("nobody0123456789", new KeyChange(same => same, false), CancellationToken.None));

        Assert.Equal((AdministrationError.NotFound, AdministrationError.NotFound), (byText.Error, byId.Error));
        Assert.DoesNotContain(key.ApiKey, byText.Message, StringComparison.Ordinal);
        Assert.Contains("nobody0123456789", byId.Message, StringComparison.Ordinal);
    }

    private static async Task<Reason> SignedAsync(TestRuntime runtime, CreatedKey key, string secret)
    {
        Runtime.Decisions.DecisionCall call = Sample.Call(Sample.Signature(key.ApiKey, secret, TestRuntime.Start));
        return (await runtime.AskAsync(call with { Request = call.Request with { Headers = [Sample.Date(TestRuntime.Start)] } })).Reason;
    }
}
