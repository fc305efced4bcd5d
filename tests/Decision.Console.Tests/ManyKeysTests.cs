using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ManyKeysTests(Browser browser) : IDisposable
{
    private const int Keys = 100_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_of_100_000_keys_is_read_as_far_as_one_scrolls()
    {
        await using var redis = await RedisServer.StartAsync();
        string[] store = ["--Storage:Kind=redis", $"--Redis:Configuration={redis.Address}"];
        string file = Path.Combine(_folder.Path, "keys.jsonl");
        await KeyFile.WriteAsync(file, Keys);
        await using var import = ServerProcess.Start(_folder.Path, ["import", file, $"--Data:Path={_folder.Path}", .. store]);
        Assert.True(await import.ExitAsync() == 0, import.Output);
        await using var server = await Running.StartAsync(store);
        await server.CreatePolicyAsync("gold");
        await using var window = await browser.SignedInAsync(server: server);
        await window.GoAsync("keys", "Keys");
        await Expect(window.Page.GetByText("100,000 keys")).ToBeVisibleAsync();
        var rows = window.Page.Locator(".rows tbody tr:has(a)");
        await Expect(rows.First).ToBeVisibleAsync();
        string first = await rows.First.InnerTextAsync();
        Assert.InRange(await rows.CountAsync(), 10, 100);

        for (int time = 0; time < 5; time++)
        {
            await window.Page.EvaluateAsync("document.querySelector('.rows').scrollBy(0, 12000)");
            await Expect(rows.First).Not.ToHaveTextAsync(first);
            first = await rows.First.InnerTextAsync();
        }

        Assert.InRange(await rows.CountAsync(), 10, 100);
        await window.Page.GetByLabel("Alias").FillAsync("client-77777");
        await window.Button("Search").ClickAsync();
        await Expect(window.Page.GetByText("1 key", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(rows).ToContainTextAsync(["client-77777"]);
    }
}
