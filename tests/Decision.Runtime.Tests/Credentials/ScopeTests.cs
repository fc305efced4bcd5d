using Decision.Engine.Apis;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Audit;
using Decision.Runtime.Tests.Support;
using static Decision.Runtime.Tests.Audit.AuditedRuntime;

namespace Decision.Runtime.Tests.Credentials;

/// <summary>A credential for some organisations sees and changes what belongs to these, and nothing else.</summary>
public sealed class ScopeTests
{
    private static readonly Actor Scoped = Alice with { Organizations = ["acme", "apex"] };

    private static async Task DeniedAsync(Func<ValueTask> act)
    {
        var refused = await Assert.ThrowsAsync<AdministrationException>(async () => await act());
        Assert.Equal(AdministrationError.PermissionDenied, refused.Error);
        Assert.Contains("alice is only for \"acme\", \"apex\"", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> KeyOfAsync(TestRuntime runtime, string organization) =>
        (await runtime.CreateKeyAsync(Sample.OwnKey(quota: 5) with { OrganizationId = organization })).Record.Key.Id;

    [Fact]
    public async Task Keys_of_others_and_of_none_are_refused_whatever_is_asked()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        string own = await KeyOfAsync(runtime, "acme");
        string[] others = [await KeyOfAsync(runtime, "umbrella"), await KeyOfAsync(runtime, "")];
        var keys = runtime.Keys;
        var none = CancellationToken.None;

        await AsAsync(Scoped, async () =>
        {
            foreach (string id in others)
            {
                await DeniedAsync(async () => await keys.GetAsync(id, none));
                await DeniedAsync(async () => await keys.GetEffectiveAsync(id, none));
                await DeniedAsync(async () => await keys.UpdateAsync(id, new KeyChange(key => key, false), none));
                await DeniedAsync(async () => await keys.RotateAsync(id, TimeSpan.Zero, "", none));
                await DeniedAsync(async () => await keys.DeleteAsync(id, "", none));
                await DeniedAsync(async () => await keys.GetUsageAsync(id, none));
                await DeniedAsync(async () => await keys.ResetUsageAsync(id, "", "", none));
                await DeniedAsync(async () => await keys.AdjustUsageAsync(id, "", "", 1, none));
                await DeniedAsync(async () => await keys.ResetOwnQuotasAsync(id, none));
            }

            await DeniedAsync(async () => await KeyOfAsync(runtime, "umbrella"));
            await DeniedAsync(async () => await KeyOfAsync(runtime, ""));
            await DeniedAsync(async () => await keys.UpdateAsync(own, new KeyChange(key => key with { OrganizationId = "umbrella" }, false), none));
            await DeniedAsync(async () => await keys.ListAsync(new KeyFilter("umbrella"), "", 0, none));
            await keys.UpdateAsync(own, new KeyChange(key => key with { OrganizationId = "apex" }, false), none);
            return true;
        });

        Assert.Equal("apex", (await keys.GetAsync(own, none)).Key.OrganizationId);
        Assert.Equal(3, (await keys.ListAsync(KeyFilter.All, "", 0, none)).TotalSize);
    }

    [Fact]
    public async Task Keys_are_listed_of_all_its_organisations_in_one_order()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        var own = new List<string>();
        for (int number = 0; number < 6; number++)
        {
            own.Add(await KeyOfAsync(runtime, number % 2 == 0 ? "acme" : "apex"));
            await KeyOfAsync(runtime, "umbrella");
        }

        await AsAsync(Scoped, async () =>
        {
            var listed = new List<string>();
            string token = "";
            do
            {
                var page = await runtime.Keys.ListAsync(KeyFilter.All, token, 4, CancellationToken.None);
                Assert.Equal(6, page.TotalSize);
                listed.AddRange(page.Items.Select(record => record.Key.Id));
                token = page.NextPageToken;
            }
            while (token.Length > 0);

            Assert.Equal(own.Order(StringComparer.Ordinal), listed);
            Assert.Equal(3, (await runtime.Keys.ListAsync(new KeyFilter("apex"), "", 0, CancellationToken.None)).TotalSize);
            return true;
        });
    }

    [Fact]
    public async Task The_text_of_a_key_of_others_finds_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { OrganizationId = "umbrella" });

        Assert.Null(await AsAsync(Scoped, async () => await runtime.Keys.FindIdAsync(key.ApiKey, CancellationToken.None)));
        Assert.Equal(key.Record.Key.Id, await runtime.Keys.FindIdAsync(key.ApiKey, CancellationToken.None));
    }

    [Fact]
    public async Task Policies_of_others_and_of_none_are_refused_and_left_out_of_lists()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        var none = CancellationToken.None;
        await runtime.CreateAsync(Sample.Policy("own") with { OrganizationId = "acme" });
        await runtime.CreateAsync(Sample.Policy("theirs") with { OrganizationId = "umbrella" });
        await runtime.CreateAsync(Sample.Policy("all"));
        await runtime.CreateAsync(Sample.Policy("gone") with { OrganizationId = "umbrella" });
        await runtime.Policies.DeleteAsync("gone", "", false, none);

        await AsAsync(Scoped, async () =>
        {
            foreach (string id in new[] { "theirs", "all" })
            {
                await DeniedAsync(async () => await runtime.Policies.GetAsync(id, none));
                await DeniedAsync(async () => await runtime.EditAsync(id, policy => policy with { OrganizationId = "acme" }));
                await DeniedAsync(async () => await runtime.Policies.DeleteAsync(id, "", true, none));
                await DeniedAsync(async () => await runtime.Policies.RollbackAsync(id, 1, "", none));
            }

            foreach (string id in new[] { "theirs", "all", "gone" })
            {
                await DeniedAsync(async () => await runtime.Policies.RevisionsAsync(id, "", 0, none));
            }

            await DeniedAsync(async () => await runtime.Policies.RollbackAsync("gone", 1, "", none));
            await DeniedAsync(async () => await runtime.CreateAsync(Sample.Policy("new")));
            await DeniedAsync(async () => await runtime.EditAsync("own", policy => policy with { OrganizationId = "" }));
            await runtime.EditAsync("own", policy => policy with { Name = "Own" });
            var page = await runtime.Policies.ListAsync(_ => true, "", "", 0, none);
            Assert.Equal(["own"], page.Items.Select(stored => stored.Value.Id));
            Assert.Equal(1, page.TotalSize);
            return true;
        });
    }

    [Fact]
    public async Task Policies_are_applied_only_for_a_named_organisation_of_its_own()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        var plans = (PolicyPlans)runtime.Services.GetService(typeof(PolicyPlans))!;
        var wanted = new WantedPolicies(new Dictionary<string, Policy> { ["gold"] = Sample.Policy("gold") with { OrganizationId = "acme" } }, []);

        await AsAsync(Scoped, async () =>
        {
            await DeniedAsync(async () => await plans.ApplyAsync(wanted, false, "", CancellationToken.None));
            await DeniedAsync(async () => await plans.MakeAsync(wanted with { OrganizationId = "umbrella" }, CancellationToken.None));
            Assert.False((await plans.ApplyAsync(wanted with { OrganizationId = "acme" }, false, "", CancellationToken.None)).IsEmpty);
            return true;
        });
    }

    [Fact]
    public async Task Apis_and_organisations_of_others_are_refused()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        var none = CancellationToken.None;
        await runtime.Apis.CreateAsync(new Api { Id = "shared" }, none);
        await runtime.Apis.CreateAsync(new Api { Id = "own", OrganizationId = "acme" }, none);
        await runtime.Organizations.CreateAsync(new Organization { Id = "umbrella" }, none);

        await AsAsync(Scoped, async () =>
        {
            await DeniedAsync(async () => await runtime.Apis.GetAsync("shared", none));
            await DeniedAsync(async () => await runtime.Apis.DeleteAsync("shared", "", none));
            await DeniedAsync(async () => await runtime.Organizations.GetAsync("umbrella", none));
            await DeniedAsync(async () => await runtime.Organizations.CreateAsync(new Organization { Id = "" }, none));
            await runtime.Organizations.CreateAsync(new Organization { Id = "acme" }, none);
            Assert.Equal(["own"], (await runtime.Apis.ListAsync(_ => true, "", "", 0, none)).Items.Select(stored => stored.Value.Id));
            Assert.Equal(["acme"], (await runtime.Organizations.ListAsync(_ => true, "", "", 0, none)).Items.Select(stored => stored.Value.Id));
            return true;
        });
    }

    [Fact]
    public async Task The_audit_log_shows_what_is_its_own_and_is_checked_by_those_for_all()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("own") with { OrganizationId = "acme" });
        await runtime.CreateAsync(Sample.Policy("theirs") with { OrganizationId = "umbrella" });
        await runtime.CreateAsync(Sample.Policy("all"));

        await AsAsync(Scoped, async () =>
        {
            Assert.Equal(["own"], (await runtime.EntriesAsync()).Select(entry => entry.ObjectId));
            await DeniedAsync(async () => await runtime.VerifyAsync());
            return true;
        });
    }
}
