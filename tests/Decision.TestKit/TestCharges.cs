using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.TestKit;

/// <summary>Charges for tests, in few words.</summary>
public static class TestCharges
{
    public static Subject Key(string id) => new(SubjectKind.Key, id);

    public static Charge Rate(
        Subject subject, string name, long max, double seconds = 60, RateAlgorithm algorithm = RateAlgorithm.SlidingLog, bool shadow = false) =>
        new(
            new CounterKey(subject, name), new RateLimit(algorithm, max, (long)(seconds * 1_000_000), 0), Reason.RateLimited, "key",
            Origin.OfKey("rate")) { IsShadow = shadow };

    public static Charge Quota(Subject subject, string name, long max, long seconds = 3600, bool shadow = false) =>
        new(
            new CounterKey(subject, name), new QuotaLimit(max, seconds * 1_000_000), Reason.QuotaExceeded, "key",
            Origin.OfKey("quota_max")) { IsShadow = shadow };

    public static Charge MonthlyQuota(Subject subject, string name, long max) =>
        new(
            new CounterKey(subject, name), new QuotaLimit(max, 0, QuotaPeriod.Month), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));

    public static ChargeList List(params ReadOnlySpan<Charge> charges)
    {
        ChargeList list = default;
        foreach (Charge charge in charges)
        {
            list.Add(charge);
        }

        return list;
    }

    public static Spending Spend(params ReadOnlySpan<Charge> charges) => new() { Charges = List(charges), Cost = 1 };
}
