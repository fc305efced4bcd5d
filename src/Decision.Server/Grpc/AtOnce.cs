namespace Decision.Server.Grpc;

/// <summary>
/// How many requests of batches and streams are decided at a time. A call always has one under way, as a call of its own would; further ones only
/// while there is room among all calls, so that callers who send much at a time do not queue up before Redis for longer than a decision may take.
/// </summary>
internal sealed class AtOnce : IDisposable
{
    /// <summary>Requests of one batch, or of one stream.</summary>
    public const int MostOfOne = 32;

    /// <summary>Requests beside the first one of each, of all batches and streams together.</summary>
    public const int MostOfAll = 256;

    private readonly SemaphoreSlim _room = new(MostOfAll);

    /// <summary>Takes room for one beside the first, if there is some.</summary>
    public bool TryTake() => _room.Wait(0);

    /// <summary>Takes room for one beside the first, when there is some.</summary>
    public Task TakeAsync() => _room.WaitAsync(CancellationToken.None);

    /// <summary>Gives the room of one back.</summary>
    public void GiveBack() => _room.Release();

    public void Dispose() => _room.Dispose();
}
