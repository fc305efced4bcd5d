using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Audit;

/// <summary>What is too old leaves, and what stays can still be checked.</summary>
public sealed class AuditRetentionTests
{
    [Fact]
    public async Task Entries_that_are_too_old_leave_and_the_rest_can_be_checked()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.AuditRetention = TimeSpan.FromMinutes(30));
        await runtime.CreateAsync(Sample.Policy("old-1"));
        await runtime.CreateAsync(Sample.Policy("old-2"));
        runtime.Time.Advance(TimeSpan.FromMinutes(20));
        await runtime.CreateAsync(Sample.Policy("new"));
        runtime.Time.Advance(TimeSpan.FromMinutes(11));

        await runtime.AuditService().TidyAsync(AuditService.Patience, CancellationToken.None);

        AuditEntry[] entries = await runtime.EntriesAsync();
        Assert.Equal(["policy.create new", "audit.prune "], entries.Select(entry => $"{entry.Action} {entry.ObjectId}"));
        Assert.Contains("\"removed_up_to\":2", entries[1].AfterJson, StringComparison.Ordinal);
        AuditCheck check = await runtime.VerifyAsync();
        Assert.Equal((2L, 3L, 4L, 0L), (check.Checked, check.First, check.Head.Sequence, check.Broken));
        await runtime.AuditService().TidyAsync(AuditService.Patience, CancellationToken.None);
        Assert.Equal(2, (await runtime.EntriesAsync()).Length);
    }

    [Fact]
    public async Task Retention_of_zero_keeps_everything()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.AuditRetention = TimeSpan.Zero);
        await runtime.CreateAsync(Sample.Policy("old"));
        runtime.Time.Advance(TimeSpan.FromHours(5));

        await runtime.AuditService().TidyAsync(AuditService.Patience, CancellationToken.None);

        Assert.Single(await runtime.EntriesAsync());
    }

    [Fact]
    public async Task Entries_that_somebody_removed_from_the_beginning_are_missed()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("a"));
        await runtime.CreateAsync(Sample.Policy("b"));
        var store = runtime.Services.GetRequiredService<IAuditStore>();
        await store.PruneAsync((await store.ReadAsync(0, 1, CancellationToken.None))[0].Head, CancellationToken.None);

        AuditCheck check = await runtime.VerifyAsync();

        Assert.Equal(1, check.Broken);
        Assert.Contains("no entry says that they were removed for their age", check.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_was_noted_must_still_be_there()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("a"));
        AuditHead noted = (await runtime.VerifyAsync()).Head;
        await runtime.CreateAsync(Sample.Policy("b"));

        Assert.Equal(0, (await runtime.Audit().VerifyAsync(noted, CancellationToken.None)).Broken);
        Assert.Equal(1, (await runtime.Audit().VerifyAsync(noted with { Hash = new string('a', 64) }, CancellationToken.None)).Broken);
        AuditCheck cut = await runtime.Audit().VerifyAsync(noted with { Sequence = 9 }, CancellationToken.None);
        Assert.Equal(3, cut.Broken);
        Assert.Contains("entry 9, which was noted, is missing at the end", cut.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_a_filter_go_on_where_they_ended()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        for (int number = 0; number < 5; number++)
        {
            await runtime.CreateAsync(Sample.Policy($"p{number}"));
            await runtime.CreateKeyAsync(Sample.OwnKey());
            runtime.Time.Advance(TimeSpan.FromHours(1));
        }

        var filter = new AuditFilter(Action: "policy.*", SinceUs: runtime.Time.NowUs() - (long)TimeSpan.FromHours(4).TotalMicroseconds);
        var (first, next) = await runtime.Audit().ListAsync(filter, "", 3, CancellationToken.None);
        var (second, end) = await runtime.Audit().ListAsync(filter, next, 3, CancellationToken.None);

        Assert.Equal(["p4", "p3", "p2"], first.Select(entry => entry.ObjectId));
        Assert.Equal(["p1"], second.Select(entry => entry.ObjectId));
        Assert.Equal("", end);
        await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Audit().ListAsync(filter with { Action = "key.*" }, next, 3, CancellationToken.None));
    }
}
