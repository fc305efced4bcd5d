using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Reason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Tests.Admin;

public class OrganizationServiceTests
{
    private static Metadata Admin => RunningServer.Admin;

    private static Organization Acme() => new()
    {
        OrganizationId = "acme", Name = "Acme", QuotaMax = 1, QuotaRenewalRate = 3600, KeyDefaultExpiry = new Duration { Seconds = 60 },
    };

    private static async Task<Organization> CreateAsync(RunningServer server, Organization organization) =>
        (await server.Organizations().CreateOrganizationAsync(new CreateOrganizationRequest { Organization = organization }, Admin)).Organization;

    [Fact]
    public async Task Organizations_are_created_read_listed_changed_and_removed()
    {
        await using var server = await RunningServer.StartAsync();

        var created = await CreateAsync(server, Acme());
        Assert.Equal((1, 60), (created.Revision, created.KeyDefaultExpiry.Seconds));
        Assert.Equal(created, (await server.Organizations().GetOrganizationAsync(new GetOrganizationRequest { OrganizationId = "acme" }, Admin)).Organization);
        var updated = (await server.Organizations().UpdateOrganizationAsync(
            new UpdateOrganizationRequest
            {
                Organization = new Organization { OrganizationId = "acme", QuotaMax = 9, Etag = created.Etag },
                UpdateMask = new FieldMask { Paths = { "*" } },
            },
            Admin)).Organization;
        Assert.Equal(("", 9, 0), (updated.Name, updated.QuotaMax, updated.QuotaRenewalRate));
        Assert.Null(updated.KeyDefaultExpiry);
        await Failures.OfAsync(() => CreateAsync(server, Acme()), StatusCode.AlreadyExists);
        await Failures.OfAsync(
            () => server.Organizations().DeleteOrganizationAsync(new DeleteOrganizationRequest { OrganizationId = "acme", Etag = created.Etag }, Admin).ResponseAsync,
            StatusCode.Aborted);
        await server.Organizations().DeleteOrganizationAsync(new DeleteOrganizationRequest { OrganizationId = "acme" }, Admin);
        await Failures.OfAsync(
            () => server.Organizations().GetOrganizationAsync(new GetOrganizationRequest { OrganizationId = "acme" }, Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task The_organisation_with_the_empty_name_has_a_record_like_any_other()
    {
        await using var server = await RunningServer.StartAsync();
        await CreateAsync(server, new Organization { Name = "nobody's" });
        await CreateAsync(server, Acme());

        Assert.Equal("nobody's", (await server.Organizations().GetOrganizationAsync(new GetOrganizationRequest(), Admin)).Organization.Name);
        var first = await server.Organizations().ListOrganizationsAsync(new ListOrganizationsRequest { PageSize = 1 }, Admin);
        var second = await server.Organizations().ListOrganizationsAsync(
            new ListOrganizationsRequest { PageSize = 1, PageToken = first.NextPageToken }, Admin);
        Assert.Equal(("", "acme", ""), (first.Organizations[0].OrganizationId, Assert.Single(second.Organizations).OrganizationId, second.NextPageToken));
        await server.Organizations().DeleteOrganizationAsync(new DeleteOrganizationRequest(), Admin);
        await Failures.OfAsync(
            () => server.Organizations().GetOrganizationAsync(new GetOrganizationRequest(), Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task CreateOrganization_with_errors_says_all_of_them()
    {
        await using var server = await RunningServer.StartAsync();
        var organization = Acme();
        organization.Rate = 5;
        organization.QuotaPeriod = "aeon";
        organization.KeyDefaultExpiry = new Duration { Seconds = -1 };

        var fields = await Failures.FieldsOfAsync(() => CreateAsync(server, organization));

        Assert.Equal(
            ["organization.key_default_expiry", "organization.per", "organization.quota_period"], fields.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["organization"],
            await Failures.FieldsOfAsync(() => server.Organizations().CreateOrganizationAsync(new CreateOrganizationRequest(), Admin).ResponseAsync));
    }

    [Fact]
    public async Task UpdateOrganization_bites_at_the_next_request_and_DeleteOrganization_removes_its_counters()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        await CreateAsync(server, Acme());
        string key = (await server.MakeKeyAsync()).ApiKey;
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        Assert.Equal(Reason.OrganizationQuotaExceeded, await server.AskAsync(key));

        await server.Organizations().UpdateOrganizationAsync(
            new UpdateOrganizationRequest { Organization = new Organization { OrganizationId = "acme", QuotaMax = 2 } }, Admin);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        Assert.Equal(Reason.OrganizationQuotaExceeded, await server.AskAsync(key));
        await server.Organizations().DeleteOrganizationAsync(new DeleteOrganizationRequest { OrganizationId = "acme" }, Admin);
        await CreateAsync(server, Acme());
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
    }
}
