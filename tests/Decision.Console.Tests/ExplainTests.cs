using System.Text.RegularExpressions;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ExplainTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task Every_step_limit_and_policy_of_a_decision_is_told_and_nothing_is_spent()
    {
        var key = await Server.CreateKeyAsync("explained", "acme", "silver");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("explain", "Explain");
        await window.Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key.ApiKey);
        await window.Page.GetByLabel("API", new() { Exact = true }).FillAsync("orders");
        await window.Page.GetByLabel("Path", new() { Exact = true }).FillAsync("/orders/1");
        await window.Button("Explain").ClickAsync();
        await Expect(window.Region("Verdict")).ToContainTextAsync("ALLOWED");
        await Expect(window.Region("Steps").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(14);
        await Expect(window.Region("Limits")).ToContainTextAsync("would spend 1");
        await Expect(window.Region("Policies of the key")).ToContainTextAsync("access to orders");
        for (int call = 0; call < 3; call++)
        {
            Assert.True((await Server.AuthorizeAsync(key.ApiKey)).Allowed);
        }

        await window.Button("Explain").ClickAsync();

        await Expect(window.Region("Verdict")).ToContainTextAsync("RATE_LIMITED");
        await Expect(window.Region("Verdict")).ToContainTextAsync(new Regex("Rate Limit Exceeded\\. It can pass in .+\\. Decided by\\s+silver"));
        await Expect(window.Region("Steps").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "denied" })).ToContainTextAsync("has 0 of 3 left and refuses");
        await Screenshots.TakeAsync(window, "explain");
        Assert.DoesNotContain(key.ApiKey, await window.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_is_explained_by_its_id_from_its_own_page()
    {
        var key = await Server.CreateKeyAsync("explained by id", "acme", "silver");
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("keys/" + key.KeyId, "explained by id");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Explain a request" }).ClickAsync();
        await Expect(window.Page.GetByLabel("Or the key's id")).ToHaveValueAsync(key.KeyId);
        await window.Page.GetByLabel("API", new() { Exact = true }).FillAsync("orders");
        await window.Page.GetByLabel("GraphQL depth").FillAsync("deep");
        await window.Button("Explain").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("query_depth \"deep\" is no whole number");

        await window.Page.GetByLabel("GraphQL depth").FillAsync("2");
        await window.Button("Explain").ClickAsync();
        await Expect(window.Region("Verdict")).ToContainTextAsync("ALLOWED");

        // A key itself does not stay where it can be read.
        await window.Page.GetByLabel("Or the key's id").FillAsync(key.ApiKey);
        await window.Button("Explain").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("write the key itself in the field above");
        await Expect(window.Page.GetByLabel("Or the key's id")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Request_for_no_API_says_what_to_write()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("explain", "Explain");
        await window.Button("Explain").ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("write the API's id, or host and path");
    }
}
