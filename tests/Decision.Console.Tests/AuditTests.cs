using System.Text.RegularExpressions;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using Microsoft.Data.Sqlite;

namespace Decision.Console.Tests;

[Collection(AccessCollection.Name)]
public sealed class AuditTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task Entries_are_found_and_show_what_was_changed_by_whom()
    {
        var credential = await Server.CreateCredentialAsync("changer", AdminRole.Admin);
        await Server.CreatePolicyAsync("audited", "audited-org", rate: 5);
        await Server.Policies.UpdatePolicyAsync(
            new UpdatePolicyRequest { Policy = new Policy { Id = "audited", Rate = 6 }, UpdateMask = new() { Paths = { "rate" } } },
            new Metadata { { "authorization", "Bearer " + credential.Token } });
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("audit", "Audit");
        var rows = window.Region("Entries").Locator("tbody tr");

        // In this order no answer is the same as the one before it, which is shown until the next is there.
        await FindAsync("2 shown", ("Object", "audited"));
        await FindAsync("1 shown", ("Object", "audited"), ("Who", "changer"));
        await FindAsync(null, ("Object", "audited"), ("Until, UTC", "2020-01-01T00:00"));
        await FindAsync("1 shown", ("Object", "audited"), ("Action", "policy.create"));
        await FindAsync("2 shown", ("Organisation", "audited-org"), ("Action", "policy.*"));
        await FindAsync(null, ("Object", "audited"), ("Kind", "key"));
        await FindAsync("2 shown", ("Object", "audited"), ("Since, UTC", "2020-01-01T00:00"));
        await FindAsync(null, ("Object", "audited"), ("Outcome", "Denied"));
        await FindAsync("1 shown", ("Object", "audited"), ("Who", "changer"));
        await rows.First.GetByRole(AriaRole.Button).ClickAsync();

        var details = window.Page.GetByRole(AriaRole.Region, new() { NameRegex = new("^Details of entry") });
        var rate = details.GetByRole(AriaRole.Row).Filter(new() { HasText = "rate" });
        await Expect(rate.Locator("del")).ToHaveTextAsync("5");
        await Expect(rate.Locator("ins")).ToHaveTextAsync("6");
        await Expect(details).ToContainTextAsync("127.0.0.1");
        await Expect(details).ToContainTextAsync(credential.Credential.CredentialId);
        await rows.First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(details).ToHaveCountAsync(0);

        async Task FindAsync(string? shown, params (string Label, string Value)[] fields)
        {
            foreach (string label in (string[])["Object", "Who", "Action", "Organisation", "Since, UTC", "Until, UTC", "Kind", "Outcome"])
            {
                string value = fields.FirstOrDefault(field => field.Label == label).Value ?? "";
                var input = window.Page.GetByLabel(label, new() { Exact = true });
                await (label is "Kind" or "Outcome" ? input.SelectOptionAsync(value) : input.FillAsync(value));
            }

            await window.Button("Search").ClickAsync();
            await Expect(shown is null ? window.Page.GetByText("No entry fits the search.") : window.Page.GetByText(shown, new() { Exact = true })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Long_log_is_read_a_page_at_a_time()
    {
        await Server.CreatePolicyAsync("often", "often-org");
        for (int number = 0; number < 55; number++)
        {
            await Server.Policies.UpdatePolicyAsync(
                new UpdatePolicyRequest { Policy = new Policy { Id = "often", Name = $"Number {number}" }, UpdateMask = new() { Paths = { "name" } } }, Running.Admin);
        }

        var credential = await Server.CreateCredentialAsync("often-looker", AdminRole.Viewer, "often-org");
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("audit", "Audit");
        await Expect(window.Page.GetByText("50 shown, and there are older ones")).ToBeVisibleAsync();

        await window.Button("Show older ones").ClickAsync();

        // The credential sees its organisation's entries alone, and does not check a log that belongs to all.
        await Expect(window.Page.GetByText("57 shown", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(window.Button("Show older ones")).ToHaveCountAsync(0);
        await Expect(window.Button("Verify the log")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Chain_is_verified_and_a_changed_entry_is_found()
    {
        var filed = await browser.FiledAsync();
        await filed.Server.CreatePolicyAsync("one");
        await filed.Server.CreatePolicyAsync("two");
        await using var window = await browser.SignedInAsync(Running.Secret, filed.Server);
        await window.GoAsync("audit", "Audit");
        await window.Button("Verify the log").ClickAsync();
        await Expect(window.Region("Chain")).ToContainTextAsync("The log is as it was written.");
        await Expect(window.Region("Chain")).ToContainTextAsync(new Regex("[2-9] entries were read, from 1 to [2-9]\\."));
        await using (var connection = new SqliteConnection($"Data Source={filed.Database};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE audit SET at_us = at_us + 1 WHERE seq = 2";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await window.Button("Verify the log").ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Entry 2 is not as it was written.");
    }
}
