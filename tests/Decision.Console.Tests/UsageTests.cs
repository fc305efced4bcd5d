using System.Diagnostics;
using Decision.Contracts.Admin.V1;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class UsageTests(Browser browser)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Running Server => browser.Server;

    [Fact]
    public async Task Use_of_a_key_a_policy_and_an_api_is_a_chart_and_a_table()
    {
        await Server.CreatePolicyAsync("counted", api: "counted-api");
        await Server.CreatePolicyAsync("counted-theirs", "other");
        var key = await Server.CreateKeyAsync("counted", "acme", "counted");
        for (int call = 0; call < 5; call++)
        {
            await Server.AuthorizeAsync(key.ApiKey, "counted-api");
        }

        await CountedAsync(key.KeyId, 5);
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("policies/counted", "counted");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Usage", Exact = true }).Nth(1).ClickAsync();
        await Expect(window.Heading("Usage")).ToBeVisibleAsync();
        await ShowsAsync("Policy counted", "by hour");
        await Screenshots.TakeAsync(window, "usage");
        await window.Page.GetByText("The same as a table").ClickAsync();
        var table = window.Region("Requests over time");
        await Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(25);
        var busy = table.GetByRole(AriaRole.Row).Filter(new() { Has = window.Page.GetByRole(AriaRole.Cell, new() { Name = "3", Exact = true }) });
        await Expect(busy.GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync("2");

        await Field("Of").SelectOptionAsync("api");
        await Field("Id").FillAsync("counted-api");
        await Field("Over").SelectOptionAsync("7");
        await Field("A bar for").SelectOptionAsync("day");
        await window.Button("Show").ClickAsync();
        await ShowsAsync("API counted-api", "by day");
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

        await window.GoAsync($"keys/{key.KeyId}", "counted");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Usage", Exact = true }).Nth(1).ClickAsync();
        await ShowsAsync($"Key {key.KeyId}", "by hour");

        var credential = await Server.CreateCredentialAsync("counts-acme", AdminRole.Viewer, "acme");
        await using var scoped = await browser.SignedInAsync(credential.Token);
        await scoped.GoAsync("usage?of=policy&id=counted-theirs", "Usage");
        await Expect(scoped.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("belongs to another organisation");

        ILocator Field(string label) => window.Page.GetByLabel(label, new() { Exact = true });

        async Task ShowsAsync(string heading, string by)
        {
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true })).ToBeVisibleAsync();
            await Expect(window.Page.GetByRole(AriaRole.Img, new() { NameRegex = new($"^Requests {by}: 3 allowed and 2 refused in all") })).ToBeVisibleAsync();
        }
    }

    private async Task CountedAsync(string keyId, long requests)
    {
        var activity = new ActivityService.ActivityServiceClient(Server.Channel);
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
