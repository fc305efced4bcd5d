using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class KeyTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task New_key_is_shown_once_copied_and_works()
    {
        await using var window = await browser.SignedInAsync();
        await window.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await window.GoAsync("keys/new", "New key");
        await window.Page.GetByLabel("Alias").FillAsync("made-here");
        await window.Page.GetByLabel("Organisation").FillAsync("acme");
        await window.Page.GetByLabel("Policies", new() { Exact = true }).FillAsync("gold");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Button("Create key").ClickAsync();
        var shown = window.Page.GetByRole(AriaRole.Textbox, new() { Name = "The new key" });
        await Expect(shown).ToBeVisibleAsync();
        string secret = await shown.InputValueAsync();
        await window.Button("Copy").ClickAsync();
        await Expect(window.Page.GetByText("Copied.")).ToBeVisibleAsync();
        Assert.Equal(secret, await window.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Equal(Reason.Allowed, (await Server.AuthorizeAsync(secret)).Reason);

        await window.Button("Done").ClickAsync();
        await Expect(window.Heading("made-here")).ToBeVisibleAsync();
        await window.Page.ReloadAsync();
        await Expect(window.Heading("made-here")).ToBeVisibleAsync();

        Assert.DoesNotContain(secret, await window.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(window.Addresses, address => address.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, Server.Output, StringComparison.Ordinal);
        Assert.Contains(await Server.AuditAsync("key.create"), entry => entry is { Protocol: "console", ActorName: "Admin:Secret", Outcome: AuditOutcome.Done });
    }

    [Fact]
    public async Task Key_that_is_refused_says_what_is_wrong()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("keys/new", "New key");
        await window.Page.GetByLabel("Organisation").FillAsync("acme");
        await window.Page.GetByLabel("Policies", new() { Exact = true }).FillAsync("no-such-policy");
        await window.Button("Create key").ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no-such-policy");
        await Expect(window.Page.GetByLabel("Organisation")).ToHaveValueAsync("acme");
    }

    [Fact]
    public async Task Button_that_moves_away_while_it_is_pressed_is_pressed()
    {
        await using var window = await browser.SignedInAsync();
        await PressCreateAsync(window);
        await Expect(window.Button("Remove never-heard-of")).ToBeVisibleAsync();
        await window.Page.Mouse.UpAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("never-heard-of");
    }

    [Fact]
    public async Task Press_that_is_drawn_off_a_button_is_none()
    {
        await using var window = await browser.SignedInAsync();
        await PressCreateAsync(window);
        await window.Page.Mouse.MoveAsync(0, 0);
        await window.Page.Mouse.UpAsync();

        // Whatever a press did is shown before what came after it.
        await window.Page.GetByLabel("Alias").FillAsync("drawn-off");
        await window.Page.GetByLabel("Tags", new() { Exact = true }).FillAsync("after");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Button("Remove after")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Rights_show_their_origin_and_use_is_live()
    {
        var key = await Server.CreateKeyAsync("watched", "acme", "silver");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync($"keys/{key.KeyId}", "watched");
        var row = window.Region("Effective rights").GetByRole(AriaRole.Row).Filter(new() { HasText = "orders" });
        await Expect(row).ToContainTextAsync("3 / 10 s");
        await Expect(row).ToContainTextAsync("quota_max");
        await Expect(row.GetByRole(AriaRole.Link, new() { Name = "silver" }).First).ToBeVisibleAsync();
        var quota = window.Page.GetByRole(AriaRole.Meter, new() { NameRegex = new("^quota") });
        await Expect(quota).ToHaveAttributeAsync("aria-valuenow", "0");

        await Server.AuthorizeAsync(key.ApiKey);
        await Server.AuthorizeAsync(key.ApiKey);

        await Expect(quota).ToHaveAttributeAsync("aria-valuenow", "2");
        await Screenshots.TakeAsync(window, "key");
        await window.Button("Reset usage").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await Expect(quota).ToHaveAttributeAsync("aria-valuenow", "0");
    }

    [Fact]
    public async Task Key_is_changed_disabled_enabled_rotated_and_deleted()
    {
        var key = await Server.CreateKeyAsync("turned", "acme", "gold");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync($"keys/{key.KeyId}", "turned");

        await window.Button("Edit").ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Remove gold" }).ClickAsync();
        await window.Page.GetByLabel("Policies", new() { Exact = true }).FillAsync("silver");
        await window.Page.GetByLabel("Alias").FillAsync("turned-round");
        await window.Button("Save").ClickAsync();
        await Expect(window.Heading("turned-round")).ToBeVisibleAsync();
        Assert.Equal("silver", Assert.Single((await Server.AuthorizeAsync(key.ApiKey)).Policies).Id);

        await window.Button("Disable").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Expect(window.Button("Enable")).ToBeVisibleAsync();
        Assert.Equal(Reason.KeyInactive, (await Server.AuthorizeAsync(key.ApiKey)).Reason);
        await window.Button("Enable").ClickAsync();
        await Expect(window.Button("Disable")).ToBeVisibleAsync();

        await window.Button("Rotate").ClickAsync();
        await window.Dialog.GetByLabel("The old text is accepted").SelectOptionAsync("0");
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        string fresh = await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "The new text of the key" }).InputValueAsync();
        Assert.Equal(Reason.KeyUnknown, (await Server.AuthorizeAsync(key.ApiKey)).Reason);
        Assert.Equal(Reason.Allowed, (await Server.AuthorizeAsync(fresh)).Reason);

        await window.Button("Delete").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Textbox).FillAsync(key.KeyId);
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(window.Heading("Keys")).ToBeVisibleAsync();
        Assert.Equal(Reason.KeyUnknown, (await Server.AuthorizeAsync(fresh)).Reason);
        foreach (string action in (string[])["key.update", "key.rotate", "key.delete"])
        {
            Assert.Contains(await Server.AuditAsync(action), entry => entry.ObjectId == key.KeyId && entry.Protocol == "console");
        }
    }

    [Fact]
    public async Task Keys_are_found_by_alias_policy_tag_organisation_id_and_text()
    {
        await Server.CreatePolicyAsync("sought-policy", "seek");
        var key = await Server.CreateKeyAsync("sought", "seek", "sought-policy");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("keys", "Keys");
        foreach (var (label, text) in new[] { ("Alias", "sought"), ("Policy", "sought-policy"), ("Organisation", "seek") })
        {
            await Field(label).FillAsync(text);
            await Field("Tag").FillAsync("tests");
            await window.Button("Search").ClickAsync();
            await Expect(window.Page.GetByText("1 key", new() { Exact = true })).ToBeVisibleAsync();
            await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = key.KeyId })).ToBeVisibleAsync();
            await Field("Tag").FillAsync("nobody-has-it");
            await window.Button("Search").ClickAsync();
            await Expect(window.Page.GetByText("No key fits the search.")).ToBeVisibleAsync();
            await Field(label).FillAsync("");
        }

        foreach (string text in (string[])[key.KeyId, key.ApiKey])
        {
            await window.GoAsync("keys", "Keys");
            await Field("Id").FillAsync(text);
            await window.Button("Search").ClickAsync();
            await Expect(window.Heading("sought")).ToBeVisibleAsync();
        }

        Assert.DoesNotContain(window.Addresses, address => address.Contains(key.ApiKey, StringComparison.Ordinal));

        ILocator Field(string label) => window.Page.GetByLabel(label, new() { Exact = true });
    }

    // With the button held down. Leaving the field adds what is in it to the list, which takes a line of its own.
    private static async Task PressCreateAsync(ConsoleWindow window)
    {
        await window.GoAsync("keys/new", "New key");
        await window.Page.GetByLabel("Policies", new() { Exact = true }).FillAsync("never-heard-of");
        await window.Button("Create key").HoverAsync();
        await window.Page.Mouse.DownAsync();
    }
}
