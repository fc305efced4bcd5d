using System.Diagnostics;
using Decision.Contracts.Admin.V1;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class UsageTests(Browser browser)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Use_of_a_key_a_policy_and_an_api_is_a_chart_and_a_table()
    {
        await using var server = await Running.StartAsync("--Storage:Path=:memory:", "--Usage:Days=7", "--Usage:FlushInterval=100ms");
        await server.CreatePolicyAsync("counted");
        await server.CreatePolicyAsync("theirs", "other");
        var key = await server.CreateKeyAsync("counted", "acme", "counted");
        for (int call = 0; call < 5; call++)
        {
            await server.AuthorizeAsync(key.ApiKey);
        }

        await CountedAsync(server, key.KeyId, 5);
        await using var window = await browser.SignedInAsync(server: server);
        await window.GoAsync("usage?of=policy&id=counted", "Usage");
        await ShowsAsync("Policy counted", "by hour");
        await window.Page.GetByText("The same as a table").ClickAsync();
        var table = window.Region("Requests over time");
        await Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(25);
        var busy = table.GetByRole(AriaRole.Row).Filter(new() { Has = window.Page.GetByRole(AriaRole.Cell, new() { Name = "3", Exact = true }) });
        await Expect(busy.GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync("2");

        await Field("Of").SelectOptionAsync("api");
        await Field("Id").FillAsync("orders");
        await Field("Over").SelectOptionAsync("7");
        await Field("A bar for").SelectOptionAsync("day");
        await window.Button("Show").ClickAsync();
        await ShowsAsync("API orders", "by day");
        await Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(8);

        await Field("Of").SelectOptionAsync("key");
        await Field("Id").FillAsync(key.ApiKey);
        await window.Button("Show").ClickAsync();
        await ShowsAsync($"Key {key.KeyId}", "by day");
        await Field("Id").FillAsync("no-such-key");
        await window.Button("Show").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no such key");
        await Field("Of").SelectOptionAsync("policy");
        await Field("Id").FillAsync("never-used");
        await window.Button("Show").ClickAsync();
        await Expect(window.Page.GetByText("Nothing came in this time.")).ToBeVisibleAsync();
        Assert.DoesNotContain(window.Addresses, address => address.Contains(key.ApiKey, StringComparison.Ordinal));

        var credential = await server.CreateCredentialAsync("acme-only", AdminRole.Viewer, "acme");
        await using var scoped = await browser.SignedInAsync(credential.Token, server);
        await scoped.GoAsync("usage?of=policy&id=theirs", "Usage");
        await Expect(scoped.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("belongs to another organisation");

        ILocator Field(string label) => window.Page.GetByLabel(label, new() { Exact = true });

        async Task ShowsAsync(string heading, string by)
        {
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true })).ToBeVisibleAsync();
            await Expect(window.Page.GetByRole(AriaRole.Img, new() { NameRegex = new($"^Requests {by}: 3 allowed and 2 refused in all") })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Where_use_is_not_counted_the_page_says_how_to_count_it()
    {
        await using var window = await browser.SignedInAsync();

        await window.GoAsync("usage", "Usage");

        await Expect(window.Page.GetByText("The use over time is not counted.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Usage:Days")).ToBeVisibleAsync();
    }

    private static async Task CountedAsync(Running server, string keyId, long requests)
    {
        var activity = new ActivityService.ActivityServiceClient(server.Channel);
        long startedAt = Stopwatch.GetTimestamp();
        long counted;
        do
        {
            var history = await activity.GetUsageHistoryAsync(new GetUsageHistoryRequest { Subject = UsageSubject.Key, Id = keyId }, Running.Admin);
            counted = history.Hours.Sum(hour => hour.Allowed + hour.Refused);
        }
        while (counted < requests && Stopwatch.GetElapsedTime(startedAt) < Patience);
        Assert.Equal(requests, counted);
    }
}
