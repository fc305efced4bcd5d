using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class RedisDownTests(Browser browser)
{
    [Fact]
    public async Task Lost_Redis_is_told_on_every_page_and_they_recover_with_it()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        await using var server = await Running.StartAsync("--Storage:Kind=redis", $"--Redis:Configuration={redis.Address}", "--Redis:AdminTimeout=500ms");
        await server.CreatePolicyAsync("gold");
        await using var window = await browser.SignedInAsync(server: server);
        await window.GoAsync("keys", "Keys");
        var banner = window.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "of the server fail" });
        await Expect(banner).ToHaveCountAsync(0);

        await redis.KillAsync();

        await Expect(banner).ToContainTextAsync("redis");
        await window.Button("Search").ClickAsync();
        await Expect(window.Page.GetByText("The store does not answer")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Policies" }).ClickAsync();
        await Expect(window.Heading("Policies")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("The store does not answer")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await Expect(window.Heading("Overview")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("failing").First).ToBeVisibleAsync();

        await redis.RestartAsync();

        await Expect(banner).ToHaveCountAsync(0);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Policies" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "gold", Exact = true })).ToBeVisibleAsync();
    }
}
