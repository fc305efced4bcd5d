using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Console.Tests;

[Collection(AccessCollection.Name)]
public sealed class OrganizationTests(Browser browser)
{
    private Running Server => browser.Server;

    private OrganizationAdminService.OrganizationAdminServiceClient Organizations => new(Server.Channel);

    [Fact]
    public async Task Organisation_is_made_changed_and_deleted_and_its_limits_count_meanwhile()
    {
        await Server.CreatePolicyAsync("of-bounded", "bounded", rate: 100);
        var key = await Server.CreateKeyAsync("bounded", "bounded", "of-bounded");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("organizations", "Organisations");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "New organisation" }).ClickAsync();
        await Expect(window.Heading("New organisation")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Without an id it is about all keys")).ToBeVisibleAsync();
        await Field(window, "Id").FillAsync("bounded");
        await Expect(window.Page.GetByText("Without an id it is about all keys")).ToHaveCountAsync(0);
        await Field(window, "Name").FillAsync("Bounded Ltd");
        await Field(window, "Quota").FillAsync("-7");
        await Expect(window.Page.GetByText("1 error")).ToBeVisibleAsync();
        await Field(window, "Quota").FillAsync("1");
        await Field(window, "Quota period").SelectOptionAsync("month");
        await Field(window, "Time zone").FillAsync("Europe/Paris");
        await window.Button("Review and save").ClickAsync();
        await Expect(window.Region("Changed fields").GetByRole(AriaRole.Row).Filter(new() { HasText = "quota_max" })).ToContainTextAsync("1");
        await window.Button("Save").ClickAsync();
        await Expect(window.Heading("bounded")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("1 key belongs to it.")).ToBeVisibleAsync();
        Assert.True((await Server.AuthorizeAsync(key.ApiKey)).Allowed);
        Assert.Equal(Reason.OrganizationQuotaExceeded, (await Server.AuthorizeAsync(key.ApiKey)).Reason);

        await window.Page.GetByLabel("Disable every key of it").CheckAsync();
        await Field(window, "New keys end after seconds").FillAsync("-1");
        await window.Button("Review and save").ClickAsync();
        await Expect(window.Region("Changed fields").GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Bounded Ltd, revision 2")).ToBeVisibleAsync();
        var stored = (await Organizations.GetOrganizationAsync(new GetOrganizationRequest { OrganizationId = "bounded" }, Running.Admin)).Organization;
        Assert.Equal((true, 1L, "month", "Europe/Paris", 0L), (stored.IsInactive, stored.QuotaMax, stored.QuotaPeriod, stored.QuotaTimeZone, stored.KeyDefaultExpiry.Seconds));
        Assert.False((await Server.AuthorizeAsync(key.ApiKey)).Allowed);

        await window.Button("Delete").ClickAsync();
        await Expect(window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToBeDisabledAsync();
        await window.Dialog.GetByRole(AriaRole.Textbox).FillAsync("bounded");
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(window.Heading("Organisations")).ToBeVisibleAsync();
        Assert.True((await Server.AuthorizeAsync(key.ApiKey)).Allowed);
        foreach (string action in (string[])["organization.create", "organization.update", "organization.delete"])
        {
            Assert.Contains(await Server.AuditAsync(action), entry => entry is { ObjectId: "bounded", Protocol: "console", ActorName: "Admin:Secret" });
        }
    }

    [Fact]
    public async Task Keys_of_no_organisation_have_a_record_of_their_own()
    {
        await Organizations.CreateOrganizationAsync(new CreateOrganizationRequest { Organization = new Organization { Name = "Nobody's", Rate = 1000, Per = 1 } }, Running.Admin);
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("organizations", "Organisations");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "(no organisation)" }).ClickAsync();

        await Expect(window.Heading("(no organisation)")).ToBeVisibleAsync();
        await Expect(Field(window, "Name")).ToHaveValueAsync("Nobody's");
        await window.Button("Delete").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(window.Heading("Organisations")).ToBeVisibleAsync();
        await Assert.ThrowsAsync<RpcException>(() => Organizations.GetOrganizationAsync(new GetOrganizationRequest(), Running.Admin).ResponseAsync);
    }

    [Fact]
    public async Task Credential_of_an_organisation_sees_its_record_alone_and_the_list_is_searched()
    {
        await CreateAsync("mine", "Mine");
        await CreateAsync("not-mine", "Another");
        var credential = await Server.CreateCredentialAsync("mine-only", AdminRole.Viewer, "mine");
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("organizations", "Organisations");
        await Expect(window.Page.GetByText("1 organisation", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "New organisation" })).ToHaveCountAsync(0);
        await window.Page.GetByLabel("Search").FillAsync("nothing has this");
        await Expect(window.Page.GetByText("No organisation fits the search.")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Search").FillAsync("MIN");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "mine", Exact = true }).ClickAsync();
        await Expect(window.Heading("mine")).ToBeVisibleAsync();
        await Expect(Field(window, "Name")).ToHaveAttributeAsync("readonly", "");
        await Expect(window.Button("Delete")).ToHaveCountAsync(0);

        await window.GoAsync("organizations/not-mine", "not-mine");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("belongs to another organisation");
        await window.GoAsync("organizations/unknown", "unknown");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no organisation unknown");
    }

    private async Task CreateAsync(string id, string name) =>
        await Organizations.CreateOrganizationAsync(new CreateOrganizationRequest { Organization = new Organization { OrganizationId = id, Name = name } }, Running.Admin);

    private static ILocator Field(ConsoleWindow window, string label) => window.Page.GetByLabel(label, new() { Exact = true });
}
