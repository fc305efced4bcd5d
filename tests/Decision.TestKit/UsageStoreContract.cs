using Decision.Runtime.Observation.Usage;

namespace Decision.TestKit;

/// <summary>What every store of the use over time must do.</summary>
public abstract class UsageStoreContract : IAsyncLifetime
{
    private const int Days = 30;
    private const int Many = 1_000;
    private const long Second = 1_000_000;

    private IUsageStore? _store;

    /// <summary>The first hour of a day, today as the store reckons it.</summary>
    protected abstract long Today { get; }

    private IUsageStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IUsageStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task AddAsync_adds_up_by_hour_kind_and_id()
    {
        await AddAsync("a", Of(UsageKind.Key, "k", 0, 3, 1), Of(UsageKind.Key, "k", 23, 1L << 40, 0), Of(UsageKind.Policy, "k", 0, 7, 0));
        await AddAsync("b", Of(UsageKind.Key, "k", 0, 2, 5), Of(UsageKind.Key, "k", 5, 0, 1), Of(UsageKind.Key, "other", 0, 9, 9), Of(UsageKind.Key, "k", 24, 4, 4));

        Assert.Equal(
            [Of(UsageKind.Key, "k", 0, 5, 6), Of(UsageKind.Key, "k", 5, 0, 1), Of(UsageKind.Key, "k", 23, 1L << 40, 0), Of(UsageKind.Key, "k", 24, 4, 4)],
            await ReadAsync(UsageKind.Key, "k", 0, 47));
        Assert.Equal([Of(UsageKind.Policy, "k", 0, 7, 0)], await ReadAsync(UsageKind.Policy, "k", 0, 47));
        Assert.Equal([Of(UsageKind.Key, "k", 5, 0, 1)], await ReadAsync(UsageKind.Key, "k", 1, 22));
        Assert.Empty(await ReadAsync(UsageKind.Api, "k", 0, 47));
    }

    [Fact]
    public async Task AddAsync_beyond_the_ids_of_a_day_counts_together()
    {
        await Store.AddAsync("a", [Of(UsageKind.Key, "k1", 0, 1, 0), Of(UsageKind.Key, "k2", 0, 1, 0), Of(UsageKind.Key, "k3", 0, 1, 1)], Days, 2, CancellationToken.None);
        await Store.AddAsync("b", [Of(UsageKind.Key, "k4", 1, 1, 0), Of(UsageKind.Key, "k1", 1, 1, 0), Of(UsageKind.Key, "k4", 24, 1, 0)], Days, 2, CancellationToken.None);

        Assert.Equal(2, (await ReadAsync(UsageKind.Key, "k1", 0, 23)).Count);
        Assert.Empty(await ReadAsync(UsageKind.Key, "k3", 0, 23));
        Assert.Equal([Of(UsageKind.Key, "*", 0, 1, 1), Of(UsageKind.Key, "*", 1, 1, 0)], await ReadAsync(UsageKind.Key, UsageHours.Others, 0, 23));
        Assert.Equal([Of(UsageKind.Key, "k4", 24, 1, 0)], await ReadAsync(UsageKind.Key, "k4", 0, 47));
    }

    [Fact]
    public async Task ClaimAsync_gives_a_period_to_one_alone()
    {
        long end = (Today + 24) * 3600 * Second;

        bool[] claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync("a", end)));

        Assert.Single(claims, claim => claim);
        Assert.False(await ClaimAsync("a", end + Second));
        Assert.True(await ClaimAsync("b", end));
        Assert.True(await ClaimAsync("a", end + (10 * Second)));
        Assert.False(await ClaimAsync("a", end + (10 * Second)));
    }

    protected UsageCount Of(UsageKind kind, string id, int hour, long allowed, long refused) => new(kind, id, Today + hour, allowed, refused);

    protected Task AddAsync(string batch, params UsageCount[] counts) => Store.AddAsync(batch, counts, Days, Many, CancellationToken.None).AsTask();

    protected Task<IReadOnlyList<UsageCount>> ReadAsync(UsageKind kind, string id, int first, int last) =>
        Store.ReadAsync(kind, id, Today + first, Today + last, CancellationToken.None).AsTask();

    private Task<bool> ClaimAsync(string name, long endsAtUs) => Store.ClaimAsync(name, endsAtUs, 2 * Second, CancellationToken.None).AsTask();
}
