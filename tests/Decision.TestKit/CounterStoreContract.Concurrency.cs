using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using static Decision.TestKit.TestCharges;

namespace Decision.TestKit;

public abstract partial class CounterStoreContract
{
    /// <summary>How many at once.</summary>
    protected const int Tasks = 12;

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public async Task SpendAsync_of_many_at_once_admits_exactly_the_rate(RateAlgorithm algorithm)
    {
        Charge rate = Rate(Subject, "rate", 1_000, 60, algorithm);

        long[] admitted = await TogetherAsync(Tasks, _ => CountAdmittedAsync(150, rate));

        Assert.Equal(1_000, admitted.Sum());
        Assert.Equal(1_000, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_of_many_at_once_admits_exactly_the_quota()
    {
        Charge quota = Quota(Subject, "quota", 1_234);

        long[] admitted = await TogetherAsync(Tasks, _ => CountAdmittedAsync(150, quota));

        Assert.Equal(1_234, admitted.Sum());
        Assert.Equal(1_234, await UsedAsync(quota));
    }

    [Fact]
    public async Task SpendAsync_of_many_at_once_over_several_subjects_in_any_order_admits_exactly_the_smallest_and_spends_it_everywhere()
    {
        Charge[] charges =
        [
            Rate(new Subject(SubjectKind.Organization, Subject.Id), "rate", 700),
            Quota(new Subject(SubjectKind.Organization, Subject.Id), "quota", 900),
            Rate(new Subject(SubjectKind.Api, Subject.Id), "rate", 500),
            Rate(Subject.ForPattern("o", Subject.Id), "rate", 600),
            Quota(Subject, "quota", 800),
        ];

        long[] admitted = await TogetherAsync(
            Tasks,
            task =>
            {
                Charge[] order = [.. charges];
                new Random(task).Shuffle(order);
                return CountAdmittedAsync(100, order);
            });

        Assert.Equal(500, admitted.Sum());
        Assert.All(await Store.ReadAsync(charges, CancellationToken.None), reading => Assert.Equal(500, reading.Used));
    }

    [Fact]
    public async Task SpendAsync_of_many_at_once_keeps_shadow_charges_together()
    {
        Charge enforced = Quota(Subject, "enforced", 600);
        Charge tight = Quota(Subject, "tight", 300, shadow: true);
        Charge loose = Quota(new Subject(SubjectKind.Organization, Subject.Id), "loose", 500, shadow: true);

        long[] admitted = await TogetherAsync(Tasks, _ => CountAdmittedAsync(100, enforced, tight, loose));

        Assert.Equal(600, admitted.Sum());
        Assert.Equal(
            [600L, 300, 300],
            (await Store.ReadAsync([enforced, tight, loose], CancellationToken.None)).Select(reading => reading.Used));
    }

    [Fact]
    public async Task SpendAsync_beside_resets_and_deletions_never_shows_more_than_the_limit()
    {
        Charge quota = Quota(Subject, "quota", 50);

        long[] admitted = await TogetherAsync(
            Tasks,
            async task =>
            {
                if (task >= 2)
                {
                    return await CountAdmittedAsync(200, quota);
                }

                long cleared = 0;
                for (int i = 0; i < 10; i++)
                {
                    cleared -= (await Store.ResetAsync([quota], CancellationToken.None))[0].Used;
                }

                return cleared;
            });

        // What was admitted is what the resets cleared and what is left, to the unit.
        Assert.Equal(await UsedAsync(quota), admitted.Sum());
    }

    protected async Task<long> CountAdmittedAsync(int tries, params Charge[] charges)
    {
        long admitted = 0;
        for (int i = 0; i < tries; i++)
        {
            admitted += await AdmitsAsync(charges) ? 1 : 0;
        }

        return admitted;
    }

    /// <summary>Runs the work in so many tasks that begin together.</summary>
    protected static async Task<T[]> TogetherAsync<T>(int tasks, Func<int, Task<T>> work)
    {
        TaskCompletionSource begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] all = [.. Enumerable.Range(0, tasks).Select(task => Task.Run(async () =>
        {
            await begin.Task;
            return await work(task);
        }))];
        begin.SetResult();
        return await Task.WhenAll(all);
    }
}
