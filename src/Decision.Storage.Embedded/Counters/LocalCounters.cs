using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Counters of this process in memory alone, for the time in which a shared store fails: the embedded store's, without its database.</summary>
internal sealed class LocalCounters(TimeProvider time, ILogger<EmbeddedCounterStore> log) : ILocalCounters
{
    /// <summary>
    /// How long a quota that nobody spends on is held. Longer than failures last, so that one that comes and goes does not give the same share
    /// again and again.
    /// </summary>
    public static readonly TimeSpan IdleQuota = TimeSpan.FromDays(1);

    private readonly EmbeddedCounterStore _counters = new(new CounterRows(database: null), new CounterLog(database: null), time, log);

    /// <summary>Subjects in memory.</summary>
    public int Count => _counters.Subjects.Count;

    public SpendResult Spend(in Spending spending) => _counters.SpendNow(in spending);

    /// <summary>Lets go of what no longer counts.</summary>
    public ValueTask SweepAsync(CancellationToken cancellation) => _counters.Keeper.SweepAsync(IdleQuota, cancellation);
}
