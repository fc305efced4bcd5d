using Decision.Runtime.Observation.Usage;
using Decision.Storage.Embedded.Usage;
using Decision.TestKit;

namespace Decision.Storage.Embedded.Tests;

public sealed class EmbeddedUsageTests : UsageStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    protected override long Today => _store!.Time.GetUtcNow().ToUnixTimeSeconds() / 86_400 * 24;

    protected override ValueTask<IUsageStore> OpenAsync()
    {
        _store = new EmbeddedStore(_folder.Database);
        return new(new EmbeddedUsageStore(_store.Database, _store.Time));
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        _folder.Dispose();
        return default;
    }

    [Fact]
    public async Task AddAsync_forgets_days_that_are_no_longer_kept()
    {
        await AddAsync("a", Of(UsageKind.Key, "k", 0, 1, 0));
        _store!.Time.Advance(TimeSpan.FromDays(30));
        await AddAsync("b", Of(UsageKind.Key, "k", 0, 1, 0));
        Assert.Single(await ReadAsync(UsageKind.Key, "k", -30 * 24, 0), count => count.Hour < Today);

        _store.Time.Advance(TimeSpan.FromDays(1));
        await AddAsync("c", Of(UsageKind.Key, "k", 0, 1, 0));

        Assert.Equal(2, (await ReadAsync(UsageKind.Key, "k", -40 * 24, 0)).Count);
    }
}
