using Decision.Contracts.Admin.V1;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class PolicyTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task Policy_is_made_by_the_form_with_findings_as_one_types_and_its_effect_before_it_is_saved()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies", "Policies");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "New policy" }).ClickAsync();
        await Expect(window.Heading("New policy")).ToBeVisibleAsync();
        await Expect(window.Button("Review and save")).ToBeDisabledAsync();
        await Expect(window.Page.GetByText("1 error")).ToHaveCountAsync(0);
        await Field(window, "Name").FillAsync("B");
        await Expect(window.Page.GetByText("1 error")).ToBeVisibleAsync();
        await Field(window, "Id").FillAsync("bronze");
        await Field(window, "Name").FillAsync("Bronze");
        await Field(window, "Organisation").FillAsync("acme");
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Rate", Exact = true }).FillAsync("many");
        await Expect(window.Page.GetByText("1 error")).ToBeVisibleAsync();
        await Expect(window.Button("Review and save")).ToBeDisabledAsync();
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Rate", Exact = true }).FillAsync("5");
        await Field(window, "Per seconds").FillAsync("60");
        await Field(window, "Add an API").FillAsync("orders");
        await window.Page.Keyboard.PressAsync("Enter");
        await Field(window, "Paths").FillAsync("GET,POST /orders/{id}");
        await Field(window, "Tags").FillAsync("typed, and not added");

        await window.Button("Review and save").ClickAsync();
        await Expect(window.Page.GetByText("No key uses it.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "A new policy" })).ToBeVisibleAsync();
        await window.Button("Save").ClickAsync();

        await Expect(window.Heading("bronze")).ToBeVisibleAsync();
        var stored = (await Server.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "bronze" }, Running.Admin)).Policy;
        Assert.Equal(("Bronze", 5, 60), (stored.Name, stored.Rate, stored.Per));
        Assert.Equal(["typed", "and not added"], stored.Tags);
        var url = Assert.Single(stored.AccessRights["orders"].AllowedUrls);
        Assert.Equal("/orders/{id}", url.Url);
        Assert.Equal(["GET", "POST"], url.Methods);
        var act = Assert.Single(await Server.AuditAsync("policy.create"), entry => entry.ObjectId == "bronze");
        Assert.Equal(("console", "Admin:Secret"), (act.Protocol, act.ActorName));
    }

    [Fact]
    public async Task Change_as_JSON_shows_its_diff_and_what_keys_lose_and_can_be_rolled_back()
    {
        await Server.CreatePolicyAsync("edited", rate: 9);
        var key = await Server.CreateKeyAsync("of-edited", "acme", "edited");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies/edited", "edited");
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "1 key uses it" })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        var json = window.Page.GetByLabel("The policy as JSON");
        string before = await json.InputValueAsync();
        await json.FillAsync(before.Replace("\"rate\": 9", "\"rte\": 4", StringComparison.Ordinal));
        await Expect(window.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "rte" })).ToContainTextAsync("rate");

        await json.FillAsync(before.Replace("\"rate\": 9", "\"rate\": 4", StringComparison.Ordinal));
        await window.Button("Review and save").ClickAsync();
        await Expect(window.Region("Changed fields").GetByRole(AriaRole.Row).Filter(new() { HasText = "rate" })).ToContainTextAsync("9");
        await Expect(window.Page.GetByText("1 key: rate on API orders 9/10s -> 4/10s")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = key.KeyId })).ToBeVisibleAsync();
        await Screenshots.TakeAsync(window, "review");
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Named edited, revision 2")).ToBeVisibleAsync();

        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Revisions" }).ClickAsync();
        await window.Button("Roll back to 1").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();

        await Expect(window.Page.GetByText("Named edited, revision 3")).ToBeVisibleAsync();
        Assert.Equal(9, (await Server.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "edited" }, Running.Admin)).Policy.Rate);
    }

    [Fact]
    public async Task Policy_is_switched_off_and_deleted_only_with_confirmation()
    {
        await Server.CreatePolicyAsync("doomed");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies/doomed", "doomed");
        await window.Button("Switch off").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(window.Dialog).ToHaveCountAsync(0);
        Assert.False((await Server.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "doomed" }, Running.Admin)).Policy.HasActive);
        await window.Button("Switch off").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Expect(window.Button("Switch on")).ToBeVisibleAsync();
        Assert.False((await Server.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "doomed" }, Running.Admin)).Policy.Active);

        await window.Button("Delete").ClickAsync();
        await Expect(window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToBeDisabledAsync();
        await window.Dialog.GetByRole(AriaRole.Textbox).FillAsync("doomed");
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(window.Heading("Policies")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "doomed", Exact = true })).ToHaveCountAsync(0);

        await window.GoAsync("policies/doomed", "doomed");
        await Expect(window.Page.GetByText("It was deleted. Its revisions are kept")).ToBeVisibleAsync();
        await window.Button("Roll back to 1").ClickAsync();
        await Expect(window.Dialog).ToContainTextAsync("The policy is there again.");
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Expect(window.Page.GetByText("Named doomed, revision 4")).ToBeVisibleAsync();
        Assert.Equal("Named doomed", (await Server.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "doomed" }, Running.Admin)).Policy.Name);
    }

    [Fact]
    public async Task Policy_that_was_changed_meanwhile_is_not_overwritten()
    {
        await Server.CreatePolicyAsync("raced");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies/raced", "raced");
        await Field(window, "Name").FillAsync("By the console");
        await Server.Policies.UpdatePolicyAsync(
            new UpdatePolicyRequest { Policy = new Policy { Id = "raced", Name = "By another" }, UpdateMask = new() { Paths = { "name" } } }, Running.Admin);

        await window.Button("Review and save").ClickAsync();
        await window.Button("Save").ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was changed since it was read");
        Assert.Equal("By another", (await Server.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "raced" }, Running.Admin)).Policy.Name);

        // What was written is not lost: it is compared with what the other one stored.
        await window.Button("Compare with what is stored now").ClickAsync();
        var name = window.Region("Changed fields").GetByRole(AriaRole.Row).Filter(new() { HasText = "name" });
        await Expect(name).ToContainTextAsync("By another");
        await Expect(name).ToContainTextAsync("By the console");
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("By the console, revision 3")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Leaving_with_something_unsaved_asks_first()
    {
        await Server.CreatePolicyAsync("left");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies/left", "left");
        await Field(window, "Name").FillAsync("Half written");
        await Expect(window.Button("Review and save")).ToBeEnabledAsync();
        var keys = window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Keys" });

        await keys.ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(window.Dialog).ToHaveCountAsync(0);
        await Expect(Field(window, "Name")).ToHaveValueAsync("Half written");
        await keys.ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();

        await Expect(window.Heading("Keys")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task JSON_with_a_name_twice_is_a_finding_and_the_form_waits_for_it_to_be_mended()
    {
        await Server.CreatePolicyAsync("twice");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies/twice", "twice");
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        var json = window.Page.GetByLabel("The policy as JSON");
        string before = await json.InputValueAsync();
        await json.FillAsync(before.Replace("\"rate\"", "\"name\": \"again\", \"rate\"", StringComparison.Ordinal));
        await Expect(window.Page.GetByText("1 error")).ToBeVisibleAsync();

        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Form" }).ClickAsync();
        await Expect(window.Page.GetByText("The JSON cannot be read at the moment")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        await json.FillAsync(before);
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Form" }).ClickAsync();

        await Expect(Field(window, "Name")).ToHaveValueAsync("Named twice");
    }

    [Fact]
    public async Task What_is_typed_while_the_server_answers_late_stays()
    {
        await using var window = await browser.ApartAsync();
        var line = new SlowLine();
        await window.Page.RouteWebSocketAsync(_ => true, line.Take);
        await window.Page.GotoAsync("policies/new");
        var name = Field(window, "Name");
        await name.FocusAsync();
        line.Answers.Hold();
        await name.PressSequentiallyAsync("a");
        await line.AnswerHeld;

        // The answer to "a" comes when "ab" is there, of which the server has not heard yet.
        line.Acts.Hold();
        await name.PressSequentiallyAsync("b");
        line.Answers.Release();

        await Expect(window.Page.GetByText("1 error")).ToBeVisibleAsync();
        Assert.Equal("ab", await name.InputValueAsync());
        line.Acts.Release();
    }

    [Fact]
    public async Task List_is_searched_and_an_unknown_policy_is_told()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies", "Policies");
        await window.Page.GetByLabel("Search").FillAsync("named gold");
        await Expect(window.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "1 policy" })).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "gold", Exact = true })).ToBeVisibleAsync();
        await window.Page.GetByLabel("Search").FillAsync("nothing has this");
        await Expect(window.Page.GetByText("No policy fits the search.")).ToBeVisibleAsync();

        await window.GoAsync("policies/unknown", "unknown");

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no policy unknown.");
    }

    private static ILocator Field(ConsoleWindow window, string label) => window.Page.GetByLabel(label, new() { Exact = true });
}
