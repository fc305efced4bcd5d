using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Runtime.Leases;

/// <summary>How long and how large a lease of a counter may be.</summary>
/// <param name="Life">A tenth of the limit's period, 1 second at most.</param>
/// <param name="Most">Units that one lease may hold.</param>
internal readonly record struct LeaseTerms(TimeSpan Life, long Most)
{
    // Shorter than this, a lease would be over before it saved a call.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(1);

    /// <summary>Whether a lease can save calls: a limit of a few units, or of a short time, is counted exactly.</summary>
    public bool IsWorthwhile => Most > 1 && Life >= ShortestLife;

    /// <summary>The terms of a limit.</summary>
    /// <param name="charge">The counter and its limit.</param>
    /// <param name="share">What part of the limit one lease may hold.</param>
    public static LeaseTerms Of(Charge charge, double share)
    {
        if (charge.Mode != LimitsMode.Leased || charge.IsShadow)
        {
            return default;
        }

        long periodUs = charge.Rate?.PeriodUs ?? PeriodUs(charge.Quota!);
        TimeSpan life = TimeSpan.FromMicroseconds(periodUs / 10.0);
        long most = (long)Math.Floor((charge.Rate?.Capacity ?? charge.Max) * share);
        return new LeaseTerms(periodUs == 0 || life > LongestLife ? LongestLife : life, most);
    }

    // Of a calendar the shortest period there is tells enough: an hour is longer than ten times the longest life.
    private static long PeriodUs(QuotaLimit quota) => quota.Period == QuotaPeriod.Rolling ? quota.RenewalUs : 0;
}
