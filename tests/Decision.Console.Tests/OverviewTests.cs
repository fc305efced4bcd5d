namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class OverviewTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task Decisions_and_refusals_are_shown_as_they_are_made()
    {
        var key = await Server.CreateKeyAsync("shown-live", "acme", "silver");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("", "Overview");
        await Expect(window.Region("Latest refusals").Or(window.Page.GetByText("Nothing was refused since this page is open.")).First).ToBeVisibleAsync();
        for (int call = 0; call < 6; call++)
        {
            await Server.AuthorizeAsync(key.ApiKey, path: "/orders/live");
        }

        var latest = window.Region("Latest refusals").GetByRole(AriaRole.Row).Filter(new() { HasText = "/orders/live" });
        await Expect(latest.First).ToContainTextAsync("RATE_LIMITED");
        await Expect(latest).ToHaveCountAsync(3);
        await Expect(latest.First).ToContainTextAsync("silver");
        await Expect(window.Region("By reason")).ToContainTextAsync("ALLOWED");
        await Expect(window.Region("Most refused keys")).ToContainTextAsync(key.KeyId);
        await Expect(window.Region("Most refused by policy").GetByRole(AriaRole.Link, new() { Name = "silver" })).ToBeVisibleAsync();
        await Expect(window.Region("Most refused APIs")).ToContainTextAsync("orders");
        await Expect(window.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("Decisions per second over the last 120 seconds") })).ToBeVisibleAsync();
        await Screenshots.TakeAsync(window, "overview");
    }

    [Fact]
    public async Task Health_and_what_is_in_force_are_told()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("", "Overview");

        await Expect(window.Page.GetByText("sqlite")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("dl").Filter(new() { HasText = "Last change" })).ToContainTextAsync("revision 1");
    }
}
