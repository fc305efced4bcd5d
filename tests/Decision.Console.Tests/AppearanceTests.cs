using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Decision.Console.Tests;

/// <summary>Each page, in light and dark, wide and narrow: for everybody's eyes, hands and screen readers, and within the browser's bounds.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class AppearanceTests(Browser browser)
{
    private static readonly AxeRunOptions Rules = new() { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] } };

    private Running Server => browser.Server;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_have_no_barrier_that_axe_finds_and_nothing_that_the_browser_complains_of(ColorScheme scheme)
    {
        await using var window = await browser.SignedInAsync(scheme: scheme);
        await foreach (string page in PagesAsync(window))
        {
            var result = await window.Page.RunAxe(Rules);
            Assert.True(result.Violations.Length == 0, $"{page}, {scheme}: " + string.Join("\n", result.Violations.Select(
                violation => $"{violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
        }

        Assert.Empty(window.Complaints);
        Assert.All(window.Addresses, address => Assert.StartsWith(Server.Console, address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_are_not_wider_than_360_pixels_and_the_navigation_opens()
    {
        await using var window = await browser.SignedInAsync(size: new ViewportSize { Width = 360, Height = 740 });
        await foreach (string page in PagesAsync(window))
        {
            int width = await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 360, $"{page} is {width} pixels wide.");
        }

        var link = window.Page.GetByRole(AriaRole.Link, new() { Name = "Keys", Exact = true });
        await Expect(link).ToBeHiddenAsync();
        await window.Button("Navigation").ClickAsync();
        await link.ClickAsync();
        await Expect(window.Heading("Keys")).ToBeVisibleAsync();
        await Expect(link).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Theme_is_switched_and_kept()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("explain", "Explain");
        await window.Button("Dark theme").ClickAsync();
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await window.Page.ReloadAsync();

        await Expect(window.Button("Light theme")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Keyboard_reaches_the_content_and_leaves_dialogs()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies", "Policies");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "gold", Exact = true }).FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Heading("gold")).ToBeFocusedAsync();
        await window.Button("Switch off").FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Dialog).ToBeVisibleAsync();

        await window.Page.Keyboard.PressAsync("Escape");

        await Expect(window.Dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Address_without_a_page_says_so()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("no/such/page", "There is no such page");
    }

    // Each once it shows what it is about.
    private async IAsyncEnumerable<string> PagesAsync(ConsoleWindow window)
    {
        var key = await Server.CreateKeyAsync("looked-at", "acme", "silver", "gold");
        await Server.AuthorizeAsync(key.ApiKey);
        foreach (var (path, heading, content) in new[]
        {
            ("", "Overview", "By reason"), ("policies", "Policies", "Named gold"), ("policies/gold", "gold", "Access"), ("policies/new", "New policy", "Limits"),
            ("keys", "Keys", "looked-at"), ($"keys/{key.KeyId}", "looked-at", "Effective rights"), ("keys/new", "New key", "Alias"),
            ("apis", "APIs", "How requests are mapped"), ("apis/new", "New API", "Listen path"), ("organizations", "Organisations", "Limits over all keys"),
            ("organizations/new", "New organisation", "Quota period"), ("credentials", "Credentials", "Also those"), ("credentials/new", "New credential", "Description"),
            ("audit", "Audit", "policy.create"), ("usage", "Usage", "is not counted"), ("configuration", "Configuration", "Server:Grpc"),
        })
        {
            await window.GoAsync(path, heading);
            await Expect(window.Page.GetByText(content).First).ToBeVisibleAsync();
            yield return path;
        }

        await window.GoAsync("explain", "Explain");
        await window.Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key.ApiKey);
        await window.Page.GetByLabel("API", new() { Exact = true }).FillAsync("orders");
        await window.Button("Explain").ClickAsync();
        await Expect(window.Region("Verdict")).ToBeVisibleAsync();
        yield return "explain";

        await window.GoAsync("policies/gold", "gold");
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Revisions" }).ClickAsync();
        await Expect(window.Page.GetByText("create", new() { Exact = true })).ToBeVisibleAsync();
        yield return "revisions";

        await window.Button("Delete").ClickAsync();
        await Expect(window.Dialog).ToBeVisibleAsync();
        yield return "dialog";

        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
    }
}
