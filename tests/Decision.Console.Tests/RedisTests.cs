using System.Globalization;
using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

[Collection(AccessCollection.Name)]
public sealed class RedisTests(Browser browser, RedisConsole console) : IClassFixture<RedisConsole>
{
    [Fact]
    public Task Long_list_of_keys_is_read_as_far_as_one_scrolls() => ScrollAsync(console.Server, RedisConsole.Keys);

    [Fact]
    [Trait("Run", "full")]
    public async Task List_of_100_000_keys_is_read_as_far_as_one_scrolls()
    {
        const int Keys = 100_000;
        using var folder = new TemporaryFolder();
        await using var redis = await RedisServer.StartAsync();
        await using var server = await RedisConsole.StartAsync(folder.Path, Keys, redis.Address);

        await ScrollAsync(server, Keys);
    }

    [Fact]
    public async Task Lost_Redis_is_told_on_every_page_and_they_recover_with_it()
    {
        await using var window = await browser.SignedInAsync(Running.Secret, console.Server);
        await window.GoAsync("keys", "Keys");
        var banner = window.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "of the server fail" });
        await Expect(banner).ToHaveCountAsync(0);

        await console.Redis.KillAsync();

        await Expect(banner).ToContainTextAsync("redis");
        await window.Button("Search").ClickAsync();
        await Expect(window.Page.GetByText("The store does not answer")).ToBeVisibleAsync();
        foreach (string page in (string[])["Policies", "APIs", "Organisations", "Credentials", "Audit"])
        {
            await FollowAsync(page);
            await Expect(window.Page.GetByText("The store does not answer")).ToBeVisibleAsync();
        }

        // These tell what is in the server's memory.
        await FollowAsync("Overview");
        await Expect(window.Page.GetByText("failing").First).ToBeVisibleAsync();
        await FollowAsync("Configuration");
        await Expect(window.Region("This server")).ToContainTextAsync($"Redis, {console.Redis.Address},password=***");
        Assert.DoesNotContain("hidden-password", await window.Page.ContentAsync(), StringComparison.Ordinal);

        await console.Redis.RestartAsync();

        await Expect(banner).ToHaveCountAsync(0, new() { Timeout = 3 * Browser.Patience });
        await FollowAsync("Policies");
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "gold", Exact = true })).ToBeVisibleAsync();

        async Task FollowAsync(string page)
        {
            await window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = page }).ClickAsync();
            await Expect(window.Heading(page)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Where_use_is_not_counted_the_page_says_how_to_count_it()
    {
        await using var window = await browser.SignedInAsync(Running.Secret, console.Server);

        await window.GoAsync("usage", "Usage");

        await Expect(window.Page.GetByText("The use over time is not counted.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Usage:Days")).ToBeVisibleAsync();
    }

    private async Task ScrollAsync(Running server, int keys)
    {
        await using var window = await browser.SignedInAsync(Running.Secret, server);
        await window.GoAsync("keys", "Keys");
        await Expect(window.Page.GetByText(string.Create(CultureInfo.InvariantCulture, $"{keys:N0} keys"))).ToBeVisibleAsync();
        var rows = window.Page.Locator(".rows tbody tr:has(a)");
        await Expect(rows.First).ToBeVisibleAsync();
        var top = rows.First.Locator("a");
        string first = await top.InnerTextAsync();
        Assert.InRange(await rows.CountAsync(), 10, 100);

        for (int time = 0; time < 5; time++)
        {
            await window.Page.EvaluateAsync("document.querySelector('.rows').scrollBy(0, 7000)");
            await Expect(top).Not.ToHaveTextAsync(first);
            first = await top.InnerTextAsync();
        }

        Assert.InRange(await rows.CountAsync(), 10, 100);
        string alias = string.Create(CultureInfo.InvariantCulture, $"client-{keys - 1}");
        await window.Page.GetByLabel("Alias").FillAsync(alias);
        await window.Button("Search").ClickAsync();
        await Expect(window.Page.GetByText("1 key", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(rows).ToContainTextAsync([alias]);
    }
}
