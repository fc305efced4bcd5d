using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Hosting;

/// <summary>
/// Makes calls like those of decisions before the first decision: their code is compiled, and Redis knows the script. Else a server that is busy
/// from its first moment on would spend the deadlines of its first decisions on that. It spends and writes nothing.
/// </summary>
internal sealed class RedisWarmUp(ICounterStore counters, IKeyStore keys)
{
    private const int Rounds = 12;
    private const int MostAtOnce = 64;
    private const string NobodysKey = "warm-up";

    /// <summary>Runs until it is done, Redis fails or it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        int atOnce = 1;
        int failures = 0;
        for (int round = 0; round < Rounds && !cancellation.IsCancellationRequested; round++)
        {
            try
            {
                await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => AskAsync(cancellation))).ConfigureAwait(false);
                atOnce = Math.Min(atOnce * 2, MostAtOnce);
            }
            catch (StoreException) when (++failures < 2)
            {
                // The very first calls may well take longer than a decision may. A second failure is one of Redis.
            }
            catch (Exception error) when (error is StoreException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        Subject subject = new(SubjectKind.Key, NobodysKey);
        Origin origin = Origin.OfKey("rate");
        ChargeList charges = default;
        charges.Add(new Charge(new CounterKey(subject, "rate"), RateLimit.From(1, 1, RateAlgorithm.SlidingLog, 0), Reason.RateLimited, "key", origin));
        charges.Add(new Charge(new CounterKey(subject, "quota"), QuotaLimit.From(1, 60), Reason.QuotaExceeded, "key", origin));
        Spending spending = new() { Charges = charges, Cost = 1, IsPeek = true, KeyId = NobodysKey };
        await keys.FindAsync(NobodysKey, cancellation).ConfigureAwait(false);
        await counters.SpendAsync(spending, cancellation).ConfigureAwait(false);

        // As a key that is no longer the same: the answer says so and nothing else.
        await counters.SpendAsync(new Spending { Charges = charges, Cost = 1, IsPeek = true, KeyId = NobodysKey, KeyVersion = 1 }, cancellation).ConfigureAwait(false);
    }
}
