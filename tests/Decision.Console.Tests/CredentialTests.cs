using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Console.Tests;

[Collection(AccessCollection.Name)]
public sealed class CredentialTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task New_credential_shows_its_secret_once_signs_in_and_is_revoked_with_confirmation()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("credentials", "Credentials");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "New credential" }).ClickAsync();
        await Expect(window.Heading("New credential")).ToBeVisibleAsync();
        await Field(window, "Name").FillAsync("made-operator");
        await Field(window, "Description").FillAsync("for a test");
        await window.Page.GetByRole(AriaRole.Radio, new() { Name = "operator" }).CheckAsync();
        await Field(window, "Organisations").FillAsync("acme");
        await Field(window, "Expires").FillAsync("2020-01-01");
        await window.Button("Create credential").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("expire");
        await Field(window, "Expires").FillAsync("2100-01-01");
        await window.Button("Create credential").ClickAsync();
        string secret = await Secret(window, "made-operator").InputValueAsync();

        var who = (await Server.Credentials.WhoAmIAsync(new WhoAmIRequest(), new Metadata { { "authorization", "Bearer " + secret } })).Credential;
        Assert.Equal(("made-operator", "for a test", AdminRole.Operator, 4102444800L), (who.Name, who.Description, who.Role, who.ExpireTime.Seconds));
        Assert.Equal(["acme"], who.Organizations);
        await window.Button("Done").ClickAsync();
        var row = window.Region("Credentials").GetByRole(AriaRole.Row).Filter(new() { HasText = "made-operator" });
        await Expect(row).ToContainTextAsync("operator");
        await Expect(row).ToContainTextAsync("in use");
        await window.Page.ReloadAsync();
        await Expect(row).ToBeVisibleAsync();
        Assert.DoesNotContain(secret, await window.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(window.Addresses, address => address.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, Server.Output, StringComparison.Ordinal);

        await window.Button("Revoke made-operator").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(window.Dialog).ToHaveCountAsync(0);
        await window.Button("Revoke made-operator").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();

        await Expect(row).ToHaveCountAsync(0);
        var refused = await Assert.ThrowsAsync<RpcException>(() => Server.Credentials.WhoAmIAsync(new WhoAmIRequest(), new Metadata { { "authorization", "Bearer " + secret } }).ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        await window.Page.GetByLabel("Also those that have ended").CheckAsync();
        await Expect(row).ToContainTextAsync("revoked");
        foreach (string action in (string[])["credential.create", "credential.revoke"])
        {
            Assert.Contains(await Server.AuditAsync(action), entry => entry.ObjectId == who.CredentialId && entry.Protocol == "console");
        }
    }

    [Fact]
    public async Task Who_revokes_the_own_credential_is_told_and_signed_out()
    {
        var credential = await Server.CreateCredentialAsync("self-ending", AdminRole.Admin);
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("credentials", "Credentials");

        await window.Button("Revoke self-ending").ClickAsync();
        await Expect(window.Dialog).ToContainTextAsync("you will be signed out");
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();

        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Operator_is_offered_no_credentials_and_the_page_says_why_not()
    {
        var credential = await Server.CreateCredentialAsync("key-operator", AdminRole.Operator);
        await using var window = await browser.SignedInAsync(credential.Token);

        await window.GoAsync("credentials", "Credentials");

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("needs the role admin");
        await Expect(window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Credentials" })).ToHaveCountAsync(0);
        await Expect(window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Audit" })).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "New credential" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Admin_of_an_organisation_makes_credentials_for_that_one_alone()
    {
        var credential = await Server.CreateCredentialAsync("acme-admin", AdminRole.Admin, "acme");
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("credentials/new", "New credential");
        await Field(window, "Name").FillAsync("too-much");
        await window.Button("Remove acme").ClickAsync();
        await window.Button("Create credential").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is for all organisations");
        await Field(window, "Organisations").FillAsync("acme");

        await window.Button("Create credential").ClickAsync();

        await Expect(Secret(window, "too-much")).ToBeVisibleAsync();
    }

    private static ILocator Secret(ConsoleWindow window, string name) => window.Page.GetByRole(AriaRole.Textbox, new() { Name = "The secret of " + name });

    private static ILocator Field(ConsoleWindow window, string label) => window.Page.GetByLabel(label, new() { Exact = true });
}
