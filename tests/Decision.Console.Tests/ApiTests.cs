using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ApiTests(Browser browser)
{
    private Running Server => browser.Server;

    private ApiAdminService.ApiAdminServiceClient Apis => new(Server.Channel);

    [Fact]
    public async Task Api_is_made_by_the_form_with_findings_as_one_types_and_a_look_before_it_is_saved()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("apis", "APIs");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "New API" }).ClickAsync();
        await Expect(window.Heading("New API")).ToBeVisibleAsync();
        await Expect(window.Button("Review and save")).ToBeDisabledAsync();
        await Field(window, "Id").FillAsync("made");
        await Field(window, "Name").FillAsync("Made here");
        await Field(window, "Organisation").FillAsync("acme");
        await Field(window, "Listen path").FillAsync("made");
        await Expect(window.Page.GetByText("does not begin with '/'").First).ToBeVisibleAsync();
        await Expect(window.Button("Review and save")).ToBeDisabledAsync();
        await Field(window, "Listen path").FillAsync("/made");
        await Field(window, "Hosts").FillAsync("made.example, other.example");
        await window.Page.Keyboard.PressAsync("Enter");
        await Field(window, "Rate").FillAsync("40");
        await Field(window, "Per seconds").FillAsync("60");
        await Field(window, "Header").FillAsync("X-Api-Key");
        await Field(window, "Paths without a key").FillAsync("get /made/health");

        await window.Button("Review and save").ClickAsync();
        await Expect(window.Region("Changed fields").GetByRole(AriaRole.Row).Filter(new() { HasText = "listen_path" })).ToContainTextAsync("/made");
        await window.Button("Save").ClickAsync();

        await Expect(window.Heading("made")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Made here, revision 1")).ToBeVisibleAsync();
        var stored = (await Apis.GetApiAsync(new GetApiRequest { ApiId = "made" }, Running.Admin)).Api;
        Assert.Equal(("Made here", "acme", "/made", 40, 60, "X-Api-Key"), (stored.Name, stored.OrganizationId, stored.ListenPath, stored.Rate, stored.Per, stored.Auth.Header));
        Assert.Equal(["made.example", "other.example"], stored.Hosts);
        var open = Assert.Single(stored.Public);
        Assert.Equal("/made/health", open.Pattern);
        Assert.Equal(["GET"], open.Methods);
        var act = Assert.Single(await Server.AuditAsync("api.create"), entry => entry.ObjectId == "made");
        Assert.Equal(("console", "Admin:Secret"), (act.Protocol, act.ActorName));
    }

    [Fact]
    public async Task Change_as_JSON_keeps_what_the_form_has_no_field_for_and_shows_its_diff()
    {
        await CreateAsync(new Api { ApiId = "edited-api", Name = "Edited", Rate = 9, Per = 1 });
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("apis/edited-api", "edited-api");
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        var json = window.Page.GetByLabel("The API as JSON");
        string before = await json.InputValueAsync();
        await json.FillAsync("{");
        await Expect(window.Page.GetByText("1 error")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Form" }).ClickAsync();
        await Expect(window.Page.GetByText("mend it there first")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        await json.FillAsync(before.Replace("\"rate\": 9", "\"rate\": 4, \"of_later\": { \"x\": 1 }", StringComparison.Ordinal));
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Form" }).ClickAsync();
        await Expect(Field(window, "Rate")).ToHaveValueAsync("4");
        await Field(window, "Name").FillAsync("Edited by form");

        await window.Button("Review and save").ClickAsync();
        await Expect(window.Region("Changed fields").GetByRole(AriaRole.Row).Filter(new() { HasText = "rate" })).ToContainTextAsync("9");
        await window.Button("Back to editing").ClickAsync();
        await Expect(Field(window, "Name")).ToHaveValueAsync("Edited by form");
        await window.Button("Review and save").ClickAsync();
        await window.Button("Save").ClickAsync();

        await Expect(window.Page.GetByText("Edited by form, revision 2")).ToBeVisibleAsync();
        var stored = (await Apis.GetApiAsync(new GetApiRequest { ApiId = "edited-api" }, Running.Admin)).Api;
        Assert.Equal(4, stored.Rate);
        Assert.True(stored.ExtraFields.Fields.ContainsKey("of_later"));
    }

    [Fact]
    public async Task Path_of_another_api_and_a_change_made_meanwhile_are_refused_and_nothing_typed_is_lost()
    {
        await CreateAsync(new Api { ApiId = "first", ListenPath = "/claimed" });
        await CreateAsync(new Api { ApiId = "second", ListenPath = "/free" });
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("apis/second", "second");
        await Field(window, "Listen path").FillAsync("/claimed");
        await window.Button("Review and save").ClickAsync();
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("listen_path");
        await window.Button("Back to editing").ClickAsync();
        await Field(window, "Listen path").FillAsync("/other");
        await Apis.UpdateApiAsync(new UpdateApiRequest { Api = new Api { ApiId = "second", Name = "By another" }, UpdateMask = new() { Paths = { "name" } } }, Running.Admin);

        await window.Button("Review and save").ClickAsync();
        await window.Button("Save").ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was changed since it was read");
        Assert.Equal("/free", (await Apis.GetApiAsync(new GetApiRequest { ApiId = "second" }, Running.Admin)).Api.ListenPath);
    }

    [Fact]
    public async Task Api_is_deleted_only_with_confirmation_and_with_what_was_counted_for_it()
    {
        var limited = new Api { ApiId = "orders", OrganizationId = "acme", Rate = 1, Per = 3600 };
        await CreateAsync(limited);
        var key = await Server.CreateKeyAsync("of-limited", "acme", "gold");
        Assert.True((await Server.AuthorizeAsync(key.ApiKey)).Allowed);
        Assert.Equal(Reason.ApiRateLimited, (await Server.AuthorizeAsync(key.ApiKey)).Reason);
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("apis/orders", "orders");
        await Expect(window.Page.GetByText("give a right on it").First).ToBeVisibleAsync();

        await window.Button("Delete").ClickAsync();
        await Expect(window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToBeDisabledAsync();
        await window.Dialog.GetByRole(AriaRole.Textbox).FillAsync("orders");
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(window.Heading("APIs")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "orders", Exact = true })).ToHaveCountAsync(0);
        var gone = await Assert.ThrowsAsync<RpcException>(() => Apis.GetApiAsync(new GetApiRequest { ApiId = "orders" }, Running.Admin).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        await CreateAsync(limited);
        Assert.True((await Server.AuthorizeAsync(key.ApiKey)).Allowed);
        await Apis.DeleteApiAsync(new DeleteApiRequest { ApiId = "orders" }, Running.Admin);
    }

    [Fact]
    public async Task List_is_searched_an_unknown_api_is_told_and_a_viewer_is_offered_no_change()
    {
        await CreateAsync(new Api { ApiId = "sought-api", Name = "Sought", OrganizationId = "acme", ListenPath = "/sought" });
        var credential = await Server.CreateCredentialAsync("api-looker", AdminRole.Viewer);
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("apis", "APIs");
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "New API" })).ToHaveCountAsync(0);
        await window.Page.GetByLabel("Search").FillAsync("/SOUGHT");
        await Expect(window.Page.GetByText("1 API", new() { Exact = true })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "sought-api" }).ClickAsync();
        await Expect(window.Heading("sought-api")).ToBeVisibleAsync();
        await Expect(Field(window, "Name")).ToHaveAttributeAsync("readonly", "");
        await Expect(window.Button("Delete")).ToHaveCountAsync(0);
        await Expect(window.Button("Review and save")).ToHaveCountAsync(0);
        await window.GoAsync("apis", "APIs");
        await window.Page.GetByLabel("Search").FillAsync("nothing has this");
        await Expect(window.Page.GetByText("No API fits the search.")).ToBeVisibleAsync();

        await window.GoAsync("apis/unknown", "unknown");

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no API unknown.");
    }

    private async Task CreateAsync(Api api) => await Apis.CreateApiAsync(new CreateApiRequest { Api = api }, Running.Admin);

    private static ILocator Field(ConsoleWindow window, string label) => window.Page.GetByLabel(label, new() { Exact = true });
}
