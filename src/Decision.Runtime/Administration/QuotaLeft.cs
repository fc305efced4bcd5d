using Decision.Engine.Grants;
using Decision.Engine.Settings;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>What is left of a quota.</summary>
/// <param name="Remaining">Units; -1 = unlimited.</param>
/// <param name="RenewsAt">When its period ends, in Unix seconds; 0 = none runs, or it never renews.</param>
public readonly record struct QuotaLeft(long Remaining, long RenewsAt)
{
    private const long Unlimited = -1;

    /// <summary>What is left by the readings, which are by scope; without one nothing is used.</summary>
    internal static QuotaLeft Of(MergedLimit<QuotaSettings>? quota, IReadOnlyDictionary<string, CounterReading> readings) =>
        quota is not { Value.Max: > 0 } ? new QuotaLeft(Unlimited, 0)
        : readings.TryGetValue(quota.Scope, out var reading) ? new QuotaLeft(reading.Remaining, reading.PeriodEndUs / 1_000_000)
        : new QuotaLeft(quota.Value.Max, 0);
}
