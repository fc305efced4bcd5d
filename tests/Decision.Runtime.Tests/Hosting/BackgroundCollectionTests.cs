using Decision.Runtime.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Hosting;

public sealed class BackgroundCollectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly BackgroundCollection _collection;
    private readonly TaskCompletionSource<bool> _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BackgroundCollectionTests()
    {
        _collection = new BackgroundCollection(_time);
        _collection.Looked += isLarge => _looked.TrySetResult(isLarge);
    }

    public void Dispose() => _collection.Dispose();

    [Fact]
    public async Task A_large_heap_is_collected_before_the_collector_ends_its_thread()
    {
        byte[] large = new byte[2 * BackgroundCollection.SmallHeap];
        await _collection.StartAsync(CancellationToken.None);
        int before = GC.CollectionCount(GC.MaxGeneration);

        _time.Advance(BackgroundCollection.Interval);

        Assert.True(await _looked.Task);
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
        GC.KeepAlive(large);
        await _collection.StopAsync(CancellationToken.None);
    }
}
