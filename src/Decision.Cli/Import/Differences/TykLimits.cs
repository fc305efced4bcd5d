using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Cli.Import.Differences;

/// <summary>
/// The rate and quota that Tyk 5 comes to for a key on one API, so that they can be compared with ours. Only policies without
/// <c>per_api</c>; those are taken apart.
/// </summary>
/// <param name="Rate">Requests; 0 or less = unlimited.</param>
/// <param name="Per">Seconds.</param>
/// <param name="QuotaMax">Requests; 0 or less = unlimited.</param>
/// <param name="QuotaRenewal">Seconds; 0 or less = never.</param>
internal sealed record TykLimits(double Rate, double Per, long QuotaMax, long QuotaRenewal)
{
    /// <summary>Whether Tyk limits the rate.</summary>
    public bool HasRate => Rate > 0 && Per > 0;

    /// <summary>Whether Tyk has a quota.</summary>
    public bool HasQuota => QuotaMax > 0;

    /// <summary>What Tyk makes of a key's own limits and its policies.</summary>
    /// <param name="key">The key as stored.</param>
    /// <param name="policies">Its policies in their order, also those with <c>active: false</c>.</param>
    /// <param name="apiId">The API.</param>
    public static TykLimits Of(Key key, IReadOnlyList<Policy> policies, string apiId)
    {
        var rates = policies.Where(static policy => policy.Partitions.CoversRate).ToList();
        var quotas = policies.Where(static policy => policy.Partitions.CoversQuota).ToList();
        var own = key.Limits;
        var (rate, per) = rates.Exists(policy => policy.AccessRights.ContainsKey(apiId))
            ? Fastest((0, 0), rates.Where(policy => policy.AccessRights.ContainsKey(apiId)))
            : Root(rates.Count > 0 ? (0, 0) : (own.Rate.Rate, own.Rate.Per), rates);
        var reaching = quotas.Where(policy => policy.AccessRights.ContainsKey(apiId)).ToList();
        var (max, renewal) = reaching.Count > 0
            ? Largest((0, 0), reaching)
            : RootQuota(quotas.Count > 0 ? (0, own.Quota.RenewalRate) : (own.Quota.Max, own.Quota.RenewalRate), quotas);
        return new TykLimits(rate, per, max, renewal);
    }

    private static (double Rate, double Per) Root((double, double) own, IReadOnlyList<Policy> covering)
    {
        var root = Fastest(own, covering.Where(static policy => !policy.AccessRights.IsEmpty));

        // A policy for no API in particular overwrites; the last one counts.
        return covering.LastOrDefault(static policy => policy.AccessRights.IsEmpty) is { } master ? (master.Limits.Rate.Rate, master.Limits.Rate.Per) : root;
    }

    private static (long Max, long Renewal) RootQuota((long, long) own, IReadOnlyList<Policy> covering)
    {
        var root = Largest(own, covering.Where(static policy => !policy.AccessRights.IsEmpty));
        return covering.LastOrDefault(static policy => policy.AccessRights.IsEmpty) is { } master
            ? (master.Limits.Quota.Max, master.Limits.Quota.RenewalRate)
            : root;
    }

    // The shortest time for a request; of equal ones the earlier. A rate or per of 0 contributes nothing.
    private static (double Rate, double Per) Fastest((double Rate, double Per) start, IEnumerable<Policy> policies)
    {
        var best = start;
        foreach (var (rate, per) in policies.Select(static policy => (policy.Limits.Rate.Rate, policy.Limits.Rate.Per)))
        {
            if (rate != 0 && per != 0 && (best.Rate == 0 || best.Per == 0 || Duration(rate, per) < Duration(best.Rate, best.Per)))
            {
                best = (rate, per);
            }
        }

        return best;
    }

    // Both are taken apart: the larger maximum, and the larger renewal.
    private static (long Max, long Renewal) Largest((long Max, long Renewal) start, IEnumerable<Policy> policies)
    {
        var best = start;
        foreach (var quota in policies.Select(static policy => policy.Limits.Quota))
        {
            best = (quota.Max == -1 || (best.Max != -1 && quota.Max > best.Max) ? quota.Max : best.Max, Math.Max(best.Renewal, quota.RenewalRate));
        }

        return best;
    }

    private static double Duration(double rate, double per) => rate <= 0 || per <= 0 ? 0 : per / rate;
}
