using System.Diagnostics.CodeAnalysis;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.TestKit;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>Figures that the documentation gives. They count the memory of the whole process, so nothing else may run beside them.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SpendAsync_in_the_steady_state_allocates_nothing()
    {
        using EmbeddedStore store = new(_folder.Database);
        Subject key = Key("k1");
        Spending one = Spend(Rate(key, "rate", 1_000_000, 60, RateAlgorithm.TokenBucket), Quota(key, "quota", 1_000_000_000));
        Spending several = Spend(
            Rate(new Subject(SubjectKind.Organization, "o"), "rate", 1_000_000, 60, RateAlgorithm.FixedWindow),
            Quota(new Subject(SubjectKind.Organization, "o"), "quota", 1_000_000_000),
            Rate(new Subject(SubjectKind.Api, "a"), "rate", 1_000_000, 60, RateAlgorithm.SlidingWindow),
            Rate(key, "log", 1_000, 60),
            MonthlyQuota(key, "month", 1_000_000_000));
        Assert.Equal(0, Allocations.SteadyStateOf(() => SpendOnce(store, one)));
        Assert.Equal(0, Allocations.SteadyStateOf(() => SpendOnce(store, several)));
        Assert.Equal(0, Allocations.SteadyStateOf(() => SpendOnce(store, several with { IsPeek = true })));
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2012", Justification = "The test is about the instance.")]
    public void SpendAsync_completes_before_it_returns()
    {
        using EmbeddedStore store = new(_folder.Database);

        ValueTask<SpendResult> spend = store.Counters.SpendAsync(Spend(Rate(Key("k1"), "rate", 1)), CancellationToken.None);

        Assert.True(spend.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_full_sliding_log_stays_below_16_KiB()
    {
        const int Subjects = 200;
        using EmbeddedStore store = new(":memory:");
        Charge[] charges = [.. Enumerable.Range(0, Subjects).Select(i => Rate(Key("k" + i), "rate", 1_000_000, 60))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 2_000; i++)
        {
            foreach (Charge charge in charges)
            {
                await store.Counters.SpendAsync(Spend(charge), CancellationToken.None);
            }

            store.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Subjects;
        GC.KeepAlive(charges);
        TestContext.Current.SendDiagnosticMessage($"{each} bytes for a subject with a full sliding log");
        Assert.InRange(each, 1, 16 << 10);
    }

    [Fact]
    public async Task A_million_subjects_that_come_once_take_less_than_a_kilobyte_each_and_leave_again()
    {
        const int Subjects = 1_000_000;
        using EmbeddedStore store = new(":memory:");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Subjects; i++)
        {
            await store.Counters.SpendAsync(Spend(Rate(Key("k" + i), "rate", 10, 10)), CancellationToken.None);
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Subjects;
        Assert.Equal(Subjects, store.Counters.Subjects.Count);
        TestContext.Current.SendDiagnosticMessage($"{each} bytes for a subject with one request");
        Assert.InRange(each, 1, 1024);
        store.Time.Advance(TimeSpan.FromSeconds(10));

        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Empty(store.Counters.Subjects);
        long left = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.SendDiagnosticMessage($"{left} bytes left");

        // The table of subjects keeps its buckets, at most 16 bytes for each subject that was there at once.
        Assert.InRange(left, long.MinValue, 32L * Subjects);
    }

    private static void SpendOnce(EmbeddedStore store, in Spending spending)
    {
#pragma warning disable CA2012 // The store completes before it returns; that is what this file tests.
        SpendResult result = store.Counters.SpendAsync(spending, CancellationToken.None).Result;
#pragma warning restore CA2012
        if (result.Status != SpendStatus.Done)
        {
            Assert.Fail("The spending was not done.");
        }
    }
}
