using System.Globalization;
using Decision.Storage.Redis.Connections;

namespace Decision.Storage.Redis.Trimming;

/// <summary>
/// Whose turn it is to trim, as Redis keeps it. A turn is never given back: that it runs out a while after it was last kept is what lets all
/// replicas together sweep once in a while, and another one go on where the holder died.
/// </summary>
internal sealed class TrimTurn(RedisCalls calls, RedisKeys names)
{
    /// <summary>How long a turn lasts without being kept. Shorter than the pause between two sweeps, so that none is left out for it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(50);

    private static readonly RedisScript Script = RedisScript.Load("turn.lua");
    private readonly string _self = Guid.NewGuid().ToString("N");

    /// <summary>Takes the turn or keeps it.</summary>
    /// <returns>False where another replica has it.</returns>
    /// <exception cref="Runtime.Stores.StoreException">Redis did not answer.</exception>
    public async ValueTask<bool> TryTakeAsync(CancellationToken cancellation) => (bool)await calls.AdministerAsync(
        "trim",
        database => Script.EvaluateAsync(database, [names.TrimTurn], [_self, Lease.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)]),
        cancellation).ConfigureAwait(false);
}
