using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;

namespace Decision.Console.Live;

/// <summary>Whether the parts of the server work, asked once for everybody who looks.</summary>
internal sealed class HealthWatch(IEnumerable<IStoreHealth> stores, IEnumerable<IStatusPart> parts, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private IReadOnlyList<HealthPart>? _last;
    private long _readAt;

    /// <summary>Every part, at most a second old. Never throws.</summary>
    public async Task<IReadOnlyList<HealthPart>> ReadAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_last is not null && time.GetElapsedTime(_readAt) < Fresh)
            {
                return _last;
            }

            var read = new List<HealthPart>();
            foreach (var store in stores)
            {
                using var patience = new CancellationTokenSource(Patience, time);
                read.Add(new HealthPart(store.Part, await store.CheckAsync(patience.Token)));
            }

            read.AddRange(parts.Select(part => new HealthPart(part.Name, part.Problem)));
            (_last, _readAt) = (read, time.GetTimestamp());
            return read;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
