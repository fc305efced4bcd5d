using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Limits;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>APIs, organisations, and what is there after a restart.</summary>
public sealed class CatalogTests
{
    [Fact]
    public async Task A_listen_path_belongs_to_one_API()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Apis.CreateAsync(new Api { Id = "orders", ListenPath = "/shop/" }, CancellationToken.None);

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Apis.CreateAsync(new Api { Id = "billing", ListenPath = "/shop" }, CancellationToken.None));
        await runtime.Apis.CreateAsync(new Api { Id = "billing", ListenPath = "/shop/billing" }, CancellationToken.None);

        Assert.Equal("listen_path", Assert.Single(error.Findings).Field);
        Assert.Equal("billing", (await runtime.AskAsync("", api: "", path: "/shop/billing/1")).Api!.Api.Id);
        Assert.Equal("orders", (await runtime.AskAsync("", api: "", path: "/shop/billings")).Api!.Api.Id);
        Assert.Equal(Reason.ApiUnknown, (await runtime.AskAsync("", api: "", path: "/elsewhere")).Reason);
    }

    [Fact]
    public async Task A_changed_or_removed_API_bites_at_the_next_request_and_leaves_grants_alone()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Apis.CreateAsync(new Api { Id = Sample.Api, Rate = new RateSettings(1, 60) }, CancellationToken.None);
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        Verdict first = await runtime.AskAsync(key);
        Verdict second = await runtime.AskAsync(key);

        await runtime.Apis.UpdateAsync(Sample.Api, api => api with { Rate = new RateSettings(3, 60) }, "", CancellationToken.None);
        Verdict third = await runtime.AskAsync(key);
        await runtime.Apis.UpdateAsync(Sample.Api, api => api with { OrganizationId = "acme" }, "", CancellationToken.None);
        Verdict fourth = await runtime.AskAsync(key);
        await runtime.Apis.DeleteAsync(Sample.Api, "", CancellationToken.None);
        Verdict fifth = await runtime.AskAsync(key);

        Assert.Equal(
            [Reason.Allowed, Reason.ApiRateLimited, Reason.Allowed, Reason.OrganizationMismatch, Reason.Allowed],
            new[] { first, second, third, fourth, fifth }.Select(verdict => verdict.Reason));
        Assert.Equal(("api", 1L), (second.Origin, third.Outcomes[0].Remaining));
        Assert.Null(fifth.Api);
        Assert.Same(first.Grant, fifth.Grant);
    }

    [Fact]
    public async Task An_organisation_limits_disables_and_lets_go_at_the_next_request()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Organizations.CreateAsync(new Organization { Id = "acme", Quota = new QuotaSettings(2, 3600) }, CancellationToken.None);
        CreatedKey one = await runtime.CreateKeyWithAsync(Sample.Policy("gold") with { OrganizationId = "acme" });
        CreatedKey other = await runtime.CreateKeyAsync(Sample.Key("gold") with { OrganizationId = "acme" });

        Reason[] shared = [.. await runtime.AskAsync(one, 1), .. await runtime.AskAsync(other, 2)];
        Written<Organization> inactive = await runtime.Organizations.UpdateAsync("acme", organization => organization with { IsInactive = true }, "", CancellationToken.None);
        Reason off = (await runtime.AskAsync(one)).Reason;
        await runtime.Organizations.DeleteAsync("acme", inactive.Stored.Etag, CancellationToken.None);

        Assert.Equal([Reason.Allowed, Reason.Allowed, Reason.OrganizationQuotaExceeded], shared);
        Assert.Equal((2L, Reason.KeyInactive, Reason.Allowed), (inactive.KeysAffected, off, (await runtime.AskAsync(one)).Reason));
    }

    [Fact]
    public async Task A_policy_of_another_organisation_refuses_the_key()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            () => runtime.CreateKeyAsync(Sample.Key("gold") with { OrganizationId = "acme" }));
        await runtime.EditAsync("gold", policy => policy with { OrganizationId = "acme" });

        Assert.Equal("apply_policies[0]", Assert.Single(error.Findings).Field);
        Assert.Equal(Reason.OrganizationMismatch, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task After_a_restart_everything_is_there_and_a_months_quota_goes_on()
    {
        using TemporaryFolder folder = new();
        CreatedKey key;
        Written<Policy> policy;
        await using (TestRuntime first = await TestRuntime.StartAsync(path: folder.Database))
        {
            await first.Organizations.CreateAsync(new Organization { Id = "acme", KeyDefaultExpiry = 86_400_000 }, CancellationToken.None);
            await first.Apis.CreateAsync(new Api { Id = Sample.Api, OrganizationId = "acme", ListenPath = "/orders/" }, CancellationToken.None);
            await first.CreateAsync(Sample.Policy("gold") with
            {
                OrganizationId = "acme",
                HmacEnabled = true,
                Limits = new LimitSettings { Rate = new RateSettings(-1, 0), Quota = new QuotaSettings(5, 0, QuotaPeriod.Month) },
            });
            policy = await first.EditAsync("gold", before => before with { HmacEnabled = false, Name = "Gold" });
            key = await first.CreateKeyAsync(
                Sample.Key("gold") with { OrganizationId = "acme", HmacString = "imported-secret" }, "partner-key-0123456789");
            Assert.All(await first.AskAsync(key, 3), reason => Assert.Equal(Reason.Allowed, reason));
        }

        await using TestRuntime second = await TestRuntime.StartAsync(path: folder.Database, at: TestRuntime.Start.AddDays(20));

        Verdict verdict = await second.AskAsync(key);
        Stored<Policy> stored = await second.Policies.GetAsync("gold", CancellationToken.None);
        KeyRecord record = await second.Keys.GetAsync(key.Record.Key.Id, CancellationToken.None);
        Assert.Equal((Reason.Allowed, 1L, Sample.Api), (verdict.Reason, verdict.Outcomes[0].Remaining, verdict.Api!.Api.Id));
        Assert.Equal((policy.Stored.Etag, 2L, "Gold"), (stored.Etag, stored.Revision, stored.Value.Name));
        Assert.Equal((key.Record.Version, key.Record.Key.Expires, key.Record.SealedHmacString), (record.Version, record.Key.Expires, record.SealedHmacString));
        Assert.Equal("imported-secret", verdict.Grant!.Merged.Key.HmacString);
        Assert.Equal(86_400_000, (await second.Organizations.GetAsync("acme", CancellationToken.None)).Value.KeyDefaultExpiry);
        Assert.Equal([Reason.Allowed, Reason.QuotaExceeded], await second.AskAsync(key, 2));
        second.Time.SetUtcNow(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(4, (await second.AskAsync(key)).Outcomes[0].Remaining);
        Written<Policy> back = await second.Policies.RollbackAsync("gold", 1, stored.Etag, CancellationToken.None);
        Assert.Equal((3L, ""), (back.Stored.Revision, back.Stored.Value.Name));
    }
}
