using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decision.Contracts.Admin.V1.Api;
using Reason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Tests.Admin;

public class KeyServiceTests
{
    private const long Now = 1_770_724_800;

    private static Metadata Admin => RunningServer.Admin;

    [Fact]
    public async Task CreateKey_shows_the_secret_once()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();

        var created = await server.MakeKeyAsync(key => key.KeyId = "ignored");

        Assert.StartsWith($"dk_{created.KeyId}_", created.ApiKey, StringComparison.Ordinal);
        Assert.Equal((created.KeyId, created.KeyHash), (created.Key.KeyId, Assert.Single(created.Key.KeyHashes).Hash));
        Assert.Equal(Now, created.Key.DateCreated.Seconds);
        Assert.Empty(created.Findings);
        Assert.Equal(Reason.Allowed, await server.AskAsync(created.ApiKey));
        var read = await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = created.KeyId }, Admin);
        Assert.Equal(created.Key, read.Key);
        Assert.DoesNotContain(created.ApiKey, read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetKey_with_a_key_in_the_place_of_its_id_does_not_repeat_it()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        const string Custom = "Custom0123456789";
        await server.MakeKeyAsync(custom: Custom);

        foreach (string text in new[] { Custom, (await server.MakeKeyAsync()).ApiKey })
        {
            var missing = await Failures.OfAsync(
                () => server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = text }, Admin).ResponseAsync, StatusCode.NotFound);
            Assert.DoesNotContain(text, missing.ToString(), StringComparison.Ordinal);
            Assert.Equal("NOT_FOUND", AdminClients.ReasonOf(missing));
        }

        Assert.Equal(["key_id"], await Failures.FieldsOfAsync(() => server.Keys().GetKeyAsync(new GetKeyRequest(), Admin).ResponseAsync));
        Assert.Equal(
            ["view"],
            await Failures.FieldsOfAsync(() => server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = "x", View = (KeyView)9 }, Admin).ResponseAsync));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("dk_anything-that-is-long-enough")]
    public async Task CreateKey_custom_text_that_cannot_be_used_is_refused_without_repeating_it(string custom)
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();

        Assert.Equal(["api_key"], await Failures.FieldsOfAsync(() => server.MakeKeyAsync(custom: custom)));
        var failure = await Failures.OfAsync(() => server.MakeKeyAsync(custom: custom), StatusCode.InvalidArgument);
        Assert.DoesNotContain(custom, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateKey_custom_text_works_and_is_taken_once()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        const string Custom = "an-imported-key-0001";

        Assert.Equal(Custom, (await server.MakeKeyAsync(custom: Custom)).ApiKey);

        Assert.Equal(Reason.Allowed, await server.AskAsync(Custom));
        var taken = await Failures.OfAsync(() => server.MakeKeyAsync(custom: Custom), StatusCode.AlreadyExists);
        Assert.DoesNotContain(Custom, taken.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateKey_with_errors_says_all_of_them()
    {
        await using var server = await RunningServer.StartAsync();

        var fields = await Failures.FieldsOfAsync(() => server.MakeKeyAsync(key =>
        {
            key.Rate = double.NaN;
            key.Expires = -9;
            key.Enforcement = "never";
            key.Monitor = new UsageMonitor { TriggerLimits = { double.NaN } };
        }));

        Assert.Equal(["key.enforcement", "key.expires", "key.monitor.trigger_limits[0]", "key.rate"], fields.Order(StringComparer.Ordinal));
        Assert.Equal(["key.apply_policies[0]"], await Failures.FieldsOfAsync(() => server.MakeKeyAsync()));
        Assert.Equal(["key"], await Failures.FieldsOfAsync(() => server.Keys().CreateKeyAsync(new CreateKeyRequest(), Admin).ResponseAsync));
    }

    [Fact]
    public async Task CreateKey_with_a_single_policy_id_stores_it_as_a_list_with_a_warning()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();

        var created = await server.MakeKeyAsync(key => { key.ApplyPolicies.Clear(); key.ApplyPolicyId = "gold"; });

        Assert.Equal(["gold"], created.Key.ApplyPolicies);
        Assert.Equal("", created.Key.ApplyPolicyId);
        Assert.Equal((created.KeyId, "apply_policy_id", Severity.Warning), (created.Findings[0].Subject, created.Findings[0].Field, created.Findings[0].Severity));
    }

    [Fact]
    public async Task CreateKey_with_signatures_shows_their_secret_once()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();

        var created = await server.MakeKeyAsync(key => key.HmacEnabled = true);
        var imported = await server.MakeKeyAsync(key => key.HmacString = "imported-secret");
        var later = await server.MakeKeyAsync();
        var switchedOn = await server.Keys().UpdateKeyAsync(new UpdateKeyRequest { Key = new Key { KeyId = later.KeyId, HmacEnabled = true } }, Admin);

        Assert.Equal(64, created.Key.HmacString.Length);
        Assert.Equal("imported-secret", imported.Key.HmacString);
        Assert.Equal("", later.Key.HmacString);
        Assert.Equal(64, switchedOn.Key.HmacString.Length);
        foreach (string id in new[] { created.KeyId, imported.KeyId, later.KeyId })
        {
            Assert.Equal("", (await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = id }, Admin)).Key.HmacString);
        }

        var update = new UpdateKeyRequest { Key = new Key { KeyId = created.KeyId }, UpdateMask = new FieldMask { Paths = { "hmac_string" } } };
        Assert.Equal(["key.hmac_string"], await Failures.FieldsOfAsync(() => server.Keys().UpdateKeyAsync(update, Admin).ResponseAsync));
    }

    [Fact]
    public async Task CreateKey_without_an_expiry_takes_the_default_of_its_organisation_or_the_server()
    {
        await using var server = await RunningServer.StartAsync(["Keys:DefaultExpiry=1h"]);
        await server.CreatePolicyAsync();
        Assert.Equal(Now + 3600, (await server.MakeKeyAsync()).Key.Expires);
        Assert.Equal(-1, (await server.MakeKeyAsync(key => key.Expires = -1)).Key.Expires);

        var acme = new Organization { OrganizationId = "acme", KeyDefaultExpiry = new Duration { Seconds = 60 } };
        await server.Organizations().CreateOrganizationAsync(new CreateOrganizationRequest { Organization = acme }, Admin);
        Assert.Equal(Now + 60, (await server.MakeKeyAsync()).Key.Expires);
        acme.KeyDefaultExpiry = new Duration();
        await server.Organizations().UpdateOrganizationAsync(new UpdateOrganizationRequest { Organization = acme }, Admin);
        Assert.Equal(0, (await server.MakeKeyAsync()).Key.Expires);
    }

    [Fact]
    public async Task UpdateKey_of_a_trial_moves_its_end_only_where_the_mask_names_it()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync(policy => policy.KeyExpiresIn = 100);
        var created = await server.MakeKeyAsync(key => key.Expires = Now + 9_999);
        Assert.Equal(Now + 100, created.Key.Expires);
        var key = created.Key.Clone();
        key.HmacString = "";
        async Task<long> UpdateAsync(long expires, params string[] mask)
        {
            key.Expires = expires;
            key.Etag = "";
            var request = new UpdateKeyRequest { Key = key };
            if (mask.Length > 0)
            {
                request.UpdateMask = new FieldMask { Paths = { mask } };
            }

            return (await server.Keys().UpdateKeyAsync(request, Admin)).Key.Expires;
        }

        Assert.Equal(Now + 100, await UpdateAsync(Now + 500));
        Assert.Equal(Now + 100, await UpdateAsync(Now + 500, "*"));
        Assert.Equal(Now + 100, await UpdateAsync(0, "expires"));
        Assert.Equal(Now + 500, await UpdateAsync(Now + 500, "expires"));
        key.ApplyPolicies.Clear();
        key.AccessRights["orders"] = new AccessRight();
        Assert.Equal(Now + 500, await UpdateAsync(0, "apply_policies", "access_rights"));
        Assert.Equal(Now + 700, await UpdateAsync(Now + 700, "*"));
        Assert.Equal(0, await UpdateAsync(0, "*"));
    }

    [Fact]
    public async Task UpdateKey_that_removes_the_last_trial_with_all_fields_lifts_its_end()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync(policy => policy.KeyExpiresIn = 100);
        var created = await server.MakeKeyAsync();

        var updated = await server.Keys().UpdateKeyAsync(
            new UpdateKeyRequest
            {
                Key = new Key { KeyId = created.KeyId, OrgId = "acme", AccessRights = { ["orders"] = new AccessRight() } },
                UpdateMask = new FieldMask { Paths = { "*" } },
            },
            Admin);

        Assert.Equal(0, updated.Key.Expires);
    }

    [Fact]
    public async Task UpdateKey_with_a_stale_etag_or_a_wrong_mask_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var key = (await server.MakeKeyAsync()).Key;
        await server.Keys().UpdateKeyAsync(new UpdateKeyRequest { Key = new Key { KeyId = key.KeyId, Alias = "b", Etag = key.Etag } }, Admin);

        var stale = new UpdateKeyRequest { Key = new Key { KeyId = key.KeyId, Alias = "c", Etag = key.Etag } };
        Assert.Equal(
            "ETAG_MISMATCH",
            AdminClients.ReasonOf(await Failures.OfAsync(() => server.Keys().UpdateKeyAsync(stale, Admin).ResponseAsync, StatusCode.Aborted)));
        await Failures.OfAsync(
            () => server.Keys().DeleteKeyAsync(new DeleteKeyRequest { KeyId = key.KeyId, Etag = key.Etag }, Admin).ResponseAsync, StatusCode.Aborted);
        await Failures.OfAsync(
            () => server.Keys().RotateKeyAsync(new RotateKeyRequest { KeyId = key.KeyId, Etag = key.Etag }, Admin).ResponseAsync, StatusCode.Aborted);
        var wrong = new UpdateKeyRequest { Key = new Key { KeyId = key.KeyId }, UpdateMask = new FieldMask { Paths = { "quota_remaining", "alais" } } };
        Assert.Equal(["update_mask", "update_mask"], await Failures.FieldsOfAsync(() => server.Keys().UpdateKeyAsync(wrong, Admin).ResponseAsync));
        Assert.Equal("b", (await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = key.KeyId }, Admin)).Key.Alias);
    }

    [Fact]
    public async Task UpdateKey_inactive_and_DeleteKey_refuse_the_next_request()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var created = await server.MakeKeyAsync();
        Assert.Equal(Reason.Allowed, await server.AskAsync(created.ApiKey));

        await server.Keys().UpdateKeyAsync(new UpdateKeyRequest { Key = new Key { KeyId = created.KeyId, IsInactive = true } }, Admin);
        Assert.Equal(Reason.KeyInactive, await server.AskAsync(created.ApiKey));
        await server.Keys().UpdateKeyAsync(
            new UpdateKeyRequest { Key = new Key { KeyId = created.KeyId }, UpdateMask = new FieldMask { Paths = { "is_inactive" } } }, Admin);
        Assert.Equal(Reason.Allowed, await server.AskAsync(created.ApiKey));
        await server.Keys().DeleteKeyAsync(new DeleteKeyRequest { KeyId = created.KeyId }, Admin);
        Assert.Equal(Reason.KeyUnknown, await server.AskAsync(created.ApiKey));
        await Failures.OfAsync(() => server.Keys().DeleteKeyAsync(new DeleteKeyRequest { KeyId = created.KeyId }, Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task RotateKey_with_an_overlap_accepts_both_until_it_ends()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var created = await server.MakeKeyAsync();
        await server.AskAsync(created.ApiKey);

        var rotated = await server.Keys().RotateKeyAsync(
            new RotateKeyRequest { KeyId = created.KeyId, Overlap = new Duration { Seconds = 60 } }, Admin);

        Assert.Equal((created.KeyId, Now + 60), (rotated.KeyId, rotated.PreviousValidUntil.Seconds));
        Assert.Equal(Reason.Allowed, await server.AskAsync(created.ApiKey));
        Assert.Equal(Reason.Allowed, await server.AskAsync(rotated.ApiKey));
        var hashes = (await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = created.KeyId }, Admin)).Key.KeyHashes;
        Assert.Equal([(rotated.KeyHash, 0), (created.KeyHash, Now + 60)], hashes.Select(hash => (hash.Hash, hash.ValidUntil?.Seconds ?? 0)));
        Assert.Equal(3, (await server.Keys().GetUsageAsync(new GetUsageRequest { KeyId = created.KeyId }, Admin)).Usages.Single(usage => usage.Name == "quota").Used);
        server.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(Reason.KeyUnknown, await server.AskAsync(created.ApiKey));
        Assert.Equal(Reason.Allowed, await server.AskAsync(rotated.ApiKey));
        Assert.Single((await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = created.KeyId }, Admin)).Key.KeyHashes);
    }

    [Fact]
    public async Task RotateKey_without_an_overlap_refuses_the_old_one_at_once()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var created = await server.MakeKeyAsync(custom: "an-imported-key-0002");

        var rotated = await server.Keys().RotateKeyAsync(new RotateKeyRequest { KeyId = created.KeyId }, Admin);

        Assert.Null(rotated.PreviousValidUntil);
        Assert.Equal(Reason.KeyUnknown, await server.AskAsync(created.ApiKey));
        Assert.Equal(Reason.Allowed, await server.AskAsync(rotated.ApiKey));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1, -1)]
    [InlineData(8_640_000, 0)]
    [InlineData(long.MaxValue, 0)]
    public async Task RotateKey_with_an_overlap_out_of_range_is_refused(long seconds, int nanos)
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var request = new RotateKeyRequest { KeyId = (await server.MakeKeyAsync()).KeyId, Overlap = new Duration { Seconds = seconds, Nanos = nanos } };

        Assert.Equal(["overlap"], await Failures.FieldsOfAsync(() => server.Keys().RotateKeyAsync(request, Admin).ResponseAsync));
    }

    [Fact]
    public async Task ListKeys_filters_and_pages()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        await server.CreatePolicyAsync(policy => policy.Id = "silver");
        for (int number = 0; number < 5; number++)
        {
            await server.MakeKeyAsync(key =>
            {
                key.Alias = $"a{number}";
                key.Tags.Add(number % 2 == 0 ? "even" : "odd");
                key.ApplyPolicies[0] = number == 0 ? "silver" : "gold";
            });
        }

        var first = await server.Keys().ListKeysAsync(new ListKeysRequest { PageSize = 2, PolicyId = "gold" }, Admin);
        var second = await server.Keys().ListKeysAsync(new ListKeysRequest { PageSize = 2, PolicyId = "gold", PageToken = first.NextPageToken }, Admin);

        Assert.Equal((4, ""), (first.TotalSize, second.NextPageToken));
        Assert.Equal(["a1", "a2", "a3", "a4"], first.Keys.Concat(second.Keys).Select(key => key.Alias).Order(StringComparer.Ordinal));
        Assert.Equal(3, (await server.Keys().ListKeysAsync(new ListKeysRequest { Tag = "even" }, Admin)).TotalSize);
        Assert.Equal("a3", Assert.Single((await server.Keys().ListKeysAsync(new ListKeysRequest { Alias = "a3", OrganizationId = "acme" }, Admin)).Keys).Alias);
        Assert.Empty((await server.Keys().ListKeysAsync(new ListKeysRequest { OrganizationId = "" }, Admin)).Keys);
        Assert.Equal(
            ["page_token"],
            await Failures.FieldsOfAsync(() => server.Keys().ListKeysAsync(new ListKeysRequest { PageToken = first.NextPageToken }, Admin).ResponseAsync));
        Assert.Equal(
            ["page_size"], await Failures.FieldsOfAsync(() => server.Keys().ListKeysAsync(new ListKeysRequest { PageSize = -1 }, Admin).ResponseAsync));
    }

    [Fact]
    public async Task GetUsage_tells_own_counters_then_shared_ones()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        await server.Organizations().CreateOrganizationAsync(
            new CreateOrganizationRequest { Organization = new Organization { OrganizationId = "acme", Rate = 1000, Per = 60 } }, Admin);
        await server.Apis().CreateApiAsync(
            new CreateApiRequest { Api = new Api { ApiId = "orders", OrganizationId = "acme", Rate = 500, Per = 60 } }, Admin);
        var created = await server.MakeKeyAsync();
        await server.AskAsync(created.ApiKey);

        var usages = (await server.Keys().GetUsageAsync(new GetUsageRequest { KeyId = created.KeyId }, Admin)).Usages;

        Assert.Equal(
            [("rate", "policy:gold", "gold", 100, 1, 99), ("quota", "policy:gold", "gold", 10, 1, 9), ("rate", "organization", "organization", 1000, 1, 999), ("rate", "api_wide:orders", "api", 500, 1, 499)],
            usages.Select(usage => (usage.Name, usage.Scope, usage.Origin, (int)usage.Limit, (int)usage.Used, (int)usage.Remaining)));
        Assert.Equal((10, Now + 10), (usages[0].Period.Seconds, usages[0].ResetsAt.Seconds));
        Assert.Null(usages[0].PeriodStart);
        Assert.Equal((3600, Now, Now + 3600), (usages[1].Period.Seconds, usages[1].PeriodStart.Seconds, usages[1].ResetsAt.Seconds));
    }

    [Fact]
    public async Task GetUsage_of_a_calendar_quota_tells_the_calendar_s_period()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync(policy => { policy.QuotaRenewalRate = 0; policy.QuotaPeriod = "month"; });
        var created = await server.MakeKeyAsync();
        await server.AskAsync(created.ApiKey);

        var quota = (await server.Keys().GetUsageAsync(new GetUsageRequest { KeyId = created.KeyId }, Admin)).Usages.Single(usage => usage.Name == "quota");

        Assert.Equal(28 * 86_400, quota.Period.Seconds);
        Assert.Equal("2026-02-01T00:00:00Z", quota.PeriodStart.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("2026-03-01T00:00:00Z", quota.ResetsAt.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task ResetUsage_clears_and_says_what_was_there()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var created = await server.MakeKeyAsync();
        await server.AskAsync(created.ApiKey);
        var id = created.KeyId;

        var quota = await server.Keys().ResetUsageAsync(new ResetUsageRequest { KeyId = id, Name = "quota", Scope = "policy:gold" }, Admin);
        Assert.Equal(("quota", 1), (Assert.Single(quota.Cleared).Name, (int)quota.Cleared[0].Used));
        Assert.Equal("rate", Assert.Single((await server.Keys().ResetUsageAsync(new ResetUsageRequest { KeyId = id }, Admin)).Cleared).Name);
        Assert.Empty((await server.Keys().ResetUsageAsync(new ResetUsageRequest { KeyId = id }, Admin)).Cleared);
        Assert.Equal(
            ["scope"],
            await Failures.FieldsOfAsync(() => server.Keys().ResetUsageAsync(new ResetUsageRequest { KeyId = id, Scope = "organization" }, Admin).ResponseAsync));
        Assert.Equal(
            ["name"], await Failures.FieldsOfAsync(() => server.Keys().ResetUsageAsync(new ResetUsageRequest { KeyId = id, Name = "burst" }, Admin).ResponseAsync));
    }

    [Fact]
    public async Task AdjustUsage_adds_and_gives_back_but_never_below_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var created = await server.MakeKeyAsync();
        async Task<Usage> AdjustAsync(long delta) =>
            (await server.Keys().AdjustUsageAsync(new AdjustUsageRequest { KeyId = created.KeyId, Delta = delta }, Admin)).Usage;

        Assert.Equal((10, 0), ((await AdjustAsync(10)).Used, (await server.Keys().GetUsageAsync(new GetUsageRequest { KeyId = created.KeyId }, Admin)).Usages.Single(usage => usage.Name == "quota").Remaining));
        Assert.Equal(Reason.QuotaExceeded, await server.AskAsync(created.ApiKey));
        Assert.Equal(1, (await AdjustAsync(-1)).Remaining);
        Assert.Equal(Reason.Allowed, await server.AskAsync(created.ApiKey));
        Assert.Equal((0, 10), ((await AdjustAsync(-100)).Used, (await AdjustAsync(-100)).Remaining));
    }

    [Fact]
    public async Task AdjustUsage_without_such_a_quota_or_with_several_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var one = (await server.MakeKeyAsync()).KeyId;
        var none = (await server.MakeKeyAsync(key => { key.ApplyPolicies.Clear(); key.AccessRights["orders"] = new AccessRight(); })).KeyId;
        var two = (await server.MakeKeyAsync(key =>
        {
            key.ApplyPolicies.Clear();
            key.AccessRights["a"] = new AccessRight { Limit = new LimitBlock { QuotaMax = 5, QuotaRenewalRate = 60 } };
            key.AccessRights["b"] = new AccessRight { Limit = new LimitBlock { QuotaMax = 5, QuotaRenewalRate = 60 } };
        })).KeyId;
        AsyncUnaryCall<AdjustUsageResponse> Call(string id, long delta, string scope = "", string api = "") =>
            server.Keys().AdjustUsageAsync(new AdjustUsageRequest { KeyId = id, Delta = delta, Scope = scope, ApiId = api }, Admin);

        Assert.Equal(["delta"], await Failures.FieldsOfAsync(() => Call(one, 0).ResponseAsync));
        Assert.Equal(["scope"], await Failures.FieldsOfAsync(() => Call(one, 1, "policy:gold", "orders").ResponseAsync));
        Assert.Equal(["scope"], await Failures.FieldsOfAsync(() => Call(two, 1).ResponseAsync));
        await Failures.OfAsync(() => Call(none, 1).ResponseAsync, StatusCode.FailedPrecondition);
        await Failures.OfAsync(() => Call(one, 1, "policy:other").ResponseAsync, StatusCode.FailedPrecondition);
        await Failures.OfAsync(() => Call(one, 1, api: "other").ResponseAsync, StatusCode.FailedPrecondition);
        Assert.Equal(("api:b", 1), ((await Call(two, 1, api: "b")).Usage.Scope, (await Call(two, 0 + 1, "api:a")).Usage.Used));
    }

    [Fact]
    public async Task FindKey_finds_by_the_text_that_is_accepted_now_and_by_no_other()
    {
        await using var server = await RunningServer.StartAsync(["Secrets:Key=a-secrets-key-for-this-test-alone"]);
        await server.CreatePolicyAsync();
        var made = await server.MakeKeyAsync();
        var custom = await server.MakeKeyAsync(custom: "a-text-that-a-person-chose");

        async Task<string> Find(string text) =>
            (await server.Keys().FindKeyAsync(new FindKeyRequest { ApiKey = text }, RunningServer.Admin)).KeyId;

        Assert.Equal(made.KeyId, await Find(made.ApiKey));
        Assert.Equal(custom.KeyId, await Find("a-text-that-a-person-chose"));
        Assert.Equal("", await Find("nobody's"));
        Assert.Equal("", await Find(made.KeyId));
        await server.Keys().RotateKeyAsync(new RotateKeyRequest { KeyId = made.KeyId }, RunningServer.Admin);
        Assert.Equal("", await Find(made.ApiKey));
        Assert.Equal(["api_key"], await Failures.FieldsOfAsync(() => Find("")));
    }
}
