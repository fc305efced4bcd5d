using Decision.Contracts.Admin.V1;

namespace Decision.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ConfigurationTests(Browser browser)
{
    [Fact]
    public async Task Every_setting_is_told_with_its_value_or_default_and_no_secret()
    {
        var filed = await browser.FiledAsync();
        await using var window = await browser.SignedInAsync(Running.Secret, filed.Server);
        await window.GoAsync("configuration", "Configuration");
        await HasAsync("Cache:Keys", "777", "set");
        await HasAsync("Server:DrainTime", "10s", "default");
        await HasAsync("Storage:Kind", "embedded", "default");
        await HasAsync("ForwardAuth:TrustedNetworks", "127.0.0.0/8, ::1", "default");
        await HasAsync("Admin:Secret", "***", "set");
        await HasAsync("Secrets:Key", "***", "set");
        await HasAsync("Events:Webhook:Address", "http://127.0.0.1:9/***", "set");
        await HasAsync("Telemetry:Headers", "x-token=***", "set");
        string html = await window.Page.ContentAsync();
        Assert.DoesNotContain("hidden-", html, StringComparison.Ordinal);
        Assert.DoesNotContain(Running.Secret, html, StringComparison.Ordinal);
        await Expect(window.Region("This server")).ToContainTextAsync(filed.Policies);
        await Expect(window.Region("This server")).ToContainTextAsync($"Http http://{filed.Server.Http}");
        await Expect(window.Region("This server")).ToContainTextAsync("embedded, " + filed.Database);

        await window.Page.GetByLabel("Search").FillAsync("drain");
        await Expect(window.Region("Settings").Locator("tbody tr")).ToHaveCountAsync(2);
        await window.Page.GetByLabel("Only what was set").CheckAsync();
        await Expect(window.Page.GetByText("No setting fits the search.")).ToBeVisibleAsync();

        // What a file gives is changed in the file.
        await window.GoAsync("apis/filed-api", "filed-api");
        await Expect(window.Page.GetByText("comes from the file")).ToContainTextAsync("apis.json");
        await Expect(window.Button("Delete")).ToHaveCountAsync(0);
        await Expect(window.Page.GetByLabel("Listen path")).ToHaveAttributeAsync("readonly", "");

        async Task HasAsync(string name, string value, string from)
        {
            var cells = window.Region("Settings").GetByRole(AriaRole.Row)
                .Filter(new() { Has = window.Page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true }) }).GetByRole(AriaRole.Cell);
            await Expect(cells.Nth(1)).ToHaveTextAsync(value);
            await Expect(cells.Nth(2)).ToHaveTextAsync(from);
        }
    }

    [Fact]
    public async Task Configuration_is_not_for_whoever_has_one_organisation()
    {
        var credential = await browser.Server.CreateCredentialAsync("configured-acme", AdminRole.Admin, "acme");
        await using var window = await browser.SignedInAsync(credential.Token);

        await window.GoAsync("configuration", "Configuration");

        await Expect(window.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "You may not do this" })).ToContainTextAsync("The configuration belongs to all organisations");
    }
}
