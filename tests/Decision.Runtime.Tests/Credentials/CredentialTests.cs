using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Audit;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Decision.Runtime.Tests.Audit.AuditedRuntime;

namespace Decision.Runtime.Tests.Credentials;

/// <summary>Admin credentials in the store.</summary>
public sealed class CredentialTests
{
    private static CredentialAdministration Of(TestRuntime runtime) => runtime.Services.GetRequiredService<CredentialAdministration>();

    private static CredentialDirectory DirectoryOf(TestRuntime runtime) => runtime.Services.GetRequiredService<CredentialDirectory>();

    private static async Task<CreatedCredential> CreateAsync(
        TestRuntime runtime, string name, AdminRole role = AdminRole.Viewer, string[]? organizations = null, long expiresAtUs = 0) =>
        await Of(runtime).CreateAsync(name, "", role, organizations ?? [], expiresAtUs, CancellationToken.None);

    private static async Task<CredentialFinding> FindAsync(TestRuntime runtime, string token) =>
        await DirectoryOf(runtime).FindAsync(token, CancellationToken.None);

    [Fact]
    public async Task A_credential_is_found_by_its_token_alone_which_is_nowhere_in_the_store()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);

        CreatedCredential created = await AsAsync(Alice, () => CreateAsync(runtime, "bob", AdminRole.Operator, ["b", "a", "b"]));

        Assert.StartsWith("dka_" + created.Credential.Id, created.Token, StringComparison.Ordinal);
        AdminCredential found = (await FindAsync(runtime, created.Token)).Credential!;
        Assert.Equal(("bob", AdminRole.Operator, "alice", "a,b"), (found.Name, found.Role, found.CreatedBy, string.Join(',', found.Organizations)));
        char last = created.Token[^1] == 'x' ? 'y' : 'x';
        Assert.Equal("The admin credential is wrong.", (await FindAsync(runtime, created.Token[..^1] + last)).Problem);
        Document document = (await store.Documents.FindAsync(DocumentKind.AdminCredential, found.Id, CancellationToken.None))!;
        Assert.DoesNotContain(created.Token[21..], System.Text.Encoding.UTF8.GetString(document.Json.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("hash", (await runtime.EntriesAsync())[0].AfterJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_counts_on_the_next_call_of_another_replica()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        store.HasFeed = false;
        await using TestRuntime first = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime second = await TestRuntime.StartAsync(shared: store);
        CreatedCredential created = await CreateAsync(first, "bob");
        Assert.NotNull((await FindAsync(second, created.Token)).Credential);

        await AsAsync(Alice, async () => await Of(first).RevokeAsync(created.Credential.Id, CancellationToken.None));

        Assert.Equal("The admin credential bob was revoked.", (await FindAsync(second, created.Token)).Problem);
        AdminCredential shown = await Of(second).GetAsync(created.Credential.Id, CancellationToken.None);
        Assert.Equal(("alice", store.Time.NowUs()), (shown.RevokedBy, shown.RevokedAtUs));
        Assert.Equal(["credential.create", "credential.revoke"], (await first.EntriesAsync()).Select(entry => entry.Action));
        await Of(first).RevokeAsync(created.Credential.Id, CancellationToken.None);
        Assert.Equal(2, (await first.EntriesAsync()).Length);
    }

    [Fact]
    public async Task An_expired_credential_is_refused_and_listed_only_with_those_that_ended()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedCredential created = await CreateAsync(runtime, "bob", expiresAtUs: runtime.Time.NowUs() + 1_000_000);
        CreatedCredential other = await CreateAsync(runtime, "carol");
        Assert.NotNull((await FindAsync(runtime, created.Token)).Credential);

        runtime.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("The admin credential bob has expired.", (await FindAsync(runtime, created.Token)).Problem);
        Assert.Equal([other.Credential.Id], (await Of(runtime).ListAsync(false, "", 0, CancellationToken.None)).Items.Select(one => one.Id));
        Assert.Equal(2, (await Of(runtime).ListAsync(true, "", 0, CancellationToken.None)).TotalSize);
        var (first, next) = await Of(runtime).ListAsync(true, "", 1, CancellationToken.None) is var page ? (page.Items, page.NextPageToken) : default;
        var rest = await Of(runtime).ListAsync(true, next, 1, CancellationToken.None);
        Assert.Equal(2, first.Concat(rest.Items).Select(one => one.Id).Distinct().Count());
        Assert.Equal("", rest.NextPageToken);
    }

    [Fact]
    public async Task The_last_use_is_told_to_the_hour_and_makes_no_revision()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedCredential created = await CreateAsync(runtime, "bob");
        string id = created.Credential.Id;
        Assert.Equal(0, (await Of(runtime).GetAsync(id, CancellationToken.None)).LastUsedAtUs);

        await FindAsync(runtime, created.Token);
        long first = store.Time.NowUs();
        store.Time.Advance(TimeSpan.FromMinutes(59));
        await FindAsync(runtime, created.Token);
        Assert.Equal(first, (await Of(runtime).GetAsync(id, CancellationToken.None)).LastUsedAtUs);
        store.Time.Advance(TimeSpan.FromMinutes(1));
        await FindAsync(runtime, created.Token);

        Assert.Equal(store.Time.NowUs(), (await Of(runtime).ListAsync(false, "", 0, CancellationToken.None)).Items[0].LastUsedAtUs);
        Assert.Single(await store.Documents.RevisionsAsync(DocumentKind.CredentialUse, id, 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_wrong_is_told_all_at_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        var refused = await Assert.ThrowsAsync<AdministrationException>(
            () => CreateAsync(runtime, " ", organizations: ["ok", "not ok"], expiresAtUs: runtime.Time.NowUs()));

        Assert.Equal(["expires", "name", "organizations[0]"], refused.Findings.Select(finding => finding.Field).Order());
        Assert.Equal(0, (await Of(runtime).ListAsync(true, "", 0, CancellationToken.None)).TotalSize);
    }

    [Fact]
    public async Task A_credential_for_one_organisation_makes_and_sees_only_such()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedCredential all = await CreateAsync(runtime, "all");
        CreatedCredential other = await CreateAsync(runtime, "other", organizations: ["umbrella"]);
        Actor scoped = Alice with { Organizations = ["acme"] };

        await AsAsync(scoped, async () =>
        {
            CreatedCredential own = await CreateAsync(runtime, "own", AdminRole.Admin, ["acme"]);
            Assert.Equal([own.Credential.Id], (await Of(runtime).ListAsync(true, "", 0, CancellationToken.None)).Items.Select(one => one.Id));
            foreach (string[] organizations in new string[][] { [], ["umbrella"], ["acme", "umbrella"] })
            {
                var refused = await Assert.ThrowsAsync<AdministrationException>(() => CreateAsync(runtime, "more", organizations: organizations));
                Assert.Equal(AdministrationError.PermissionDenied, refused.Error);
            }

            foreach (string id in new[] { all.Credential.Id, other.Credential.Id })
            {
                var refused = await Assert.ThrowsAsync<AdministrationException>(async () => await Of(runtime).RevokeAsync(id, CancellationToken.None));
                Assert.Equal(AdministrationError.PermissionDenied, refused.Error);
            }

            return true;
        });
    }

    [Fact]
    public async Task Of_too_many_the_one_that_ended_first_makes_room()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedCredential first = await CreateAsync(runtime, "first", expiresAtUs: runtime.Time.NowUs() + 1);
        for (int number = 1; number < CredentialAdministration.MostCredentials; number++)
        {
            await CreateAsync(runtime, "n" + number);
        }

        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(runtime, "fits");

        await Assert.ThrowsAsync<AdministrationException>(async () => await Of(runtime).GetAsync(first.Credential.Id, CancellationToken.None));
        var refused = await Assert.ThrowsAsync<AdministrationException>(() => CreateAsync(runtime, "one too many"));
        Assert.Equal(AdministrationError.FailedPrecondition, refused.Error);
    }
}
