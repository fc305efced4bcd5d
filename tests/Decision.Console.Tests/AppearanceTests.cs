namespace Decision.Console.Tests;

/// <summary>Each page, in light and dark, wide and narrow: for everybody's eyes, hands and screen readers, and within the browser's bounds.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class AppearanceTests(Browser browser)
{
    // The colours of all pages are the same few: dark is looked at where most of them are.
    private static readonly string[] LookedAtInDark = ["", "policies/gold", "keys/", "explain"];

    private Running Server => browser.Server;

    [Fact]
    public async Task Pages_have_no_barrier_that_axe_finds_fit_360_pixels_and_the_browser_complains_of_nothing()
    {
        await using var window = await browser.ApartAsync();
        List<string> faults = [];
        await foreach (string page in PagesAsync(window))
        {
            faults.AddRange((await Accessibility.FindAsync(window.Page)).Select(fault => $"{page}: {fault}"));
            faults.AddRange((await Accessibility.FindTooWideAsync(window.Page)).Select(fault => $"{page}, at 360 pixels: {fault}"));
            if (Screenshots.AreTaken || LookedAtInDark.Contains(page))
            {
                await LookAsync(window, page);
                await window.Page.EvaluateAsync("() => document.querySelector('[aria-label=\"Dark theme\"]').click()");
                await Expect(window.Page.Locator("[aria-label='Light theme']")).ToBeAttachedAsync();
                await Screenshots.LookAsync(window, page + "-dark");
                faults.AddRange((await Accessibility.FindAsync(window.Page)).Select(fault => $"{page}, dark: {fault}"));
                await window.Page.EvaluateAsync("() => document.querySelector('[aria-label=\"Light theme\"]').click()");
                await Expect(window.Page.Locator("[aria-label='Dark theme']")).ToBeAttachedAsync();
            }
        }

        Assert.Empty(faults);
        Assert.Empty(window.Complaints);
        Assert.All(window.Addresses, address => Assert.StartsWith(Server.Console, address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Navigation_opens_where_there_is_no_room_beside_the_page()
    {
        await using var window = await browser.ApartAsync();
        await window.Page.SetViewportSizeAsync(360, 740);
        await window.GoAsync("explain", "Explain");
        var link = window.Page.GetByRole(AriaRole.Link, new() { Name = "Keys", Exact = true });
        await Expect(link).ToBeHiddenAsync();
        await window.Button("Navigation").ClickAsync();
        await Screenshots.LookAsync(window, "navigation-360");

        await link.ClickAsync();

        await Expect(window.Heading("Keys")).ToBeVisibleAsync();
        await Expect(link).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Theme_is_switched_and_kept()
    {
        await using var window = await browser.ApartAsync();
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
        await window.DialogListensAsync();

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
            ("audit", "Audit", "policy.create"), ("usage", "Usage", "Choose a key"), ($"usage?of=key&id={key.KeyId}", "Usage", "Busiest hour"), ("configuration", "Configuration", "Server:Grpc"),
        })
        {
            await window.GoAsync(path, heading);
            await Expect(window.Page.GetByText(content).First).ToBeVisibleAsync();
            if (path == "configuration" && !Screenshots.AreTaken)
            {
                // More of the same rows takes longer and finds nothing more.
                await window.Page.GetByLabel("Search").FillAsync("Server:");
            }

            yield return path == $"keys/{key.KeyId}" ? "keys/" : path.Split('?')[0] == path ? path : "usage-of-key";
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

    private static async Task LookAsync(ConsoleWindow window, string page)
    {
        if (Screenshots.AreTaken)
        {
            await Screenshots.LookAsync(window, page);
            await window.Page.SetViewportSizeAsync(360, 740);
            await Screenshots.LookAsync(window, page + "-360");
            await window.Page.SetViewportSizeAsync(1280, 800);
        }
    }
}
