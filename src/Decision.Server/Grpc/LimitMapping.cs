using System.Runtime.CompilerServices;
using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Limits;
using Google.Protobuf.Collections;

namespace Decision.Server.Grpc;

/// <summary>The limits of a verdict on the wire: one entry for each counter that was asked, and for what is explicitly unlimited.</summary>
internal static class LimitMapping
{
    private const long Unlimited = -1;

    private static readonly ConditionalWeakTable<MergedRight, UnlimitedLimits> KnownUnlimited = [];

    public static void Add(RepeatedField<LimitStatus> limits, in Verdict verdict, TimeProvider time)
    {
        foreach (var place in PlacesOf(in verdict))
        {
            limits.Add(place.Unlimited ?? ToStatus(verdict.Charges[place.Charge], verdict.Outcomes[place.Charge], time));
        }
    }

    /// <summary>The entries in their order: each counter that was asked, and what is unlimited where it would have been.</summary>
    public static LimitPlaces PlacesOf(in Verdict verdict) => new(in verdict);

    /// <summary>What is explicitly unlimited on an API.</summary>
    public static UnlimitedLimits UnlimitedOf(ApiGrant right) =>
        KnownUnlimited.TryGetValue(right.Right, out var known) ? known : KnownUnlimited.GetValue(right.Right, UnlimitedLimits.From);

    /// <summary>Length of the limit's period, in microseconds; 0 = it never ends.</summary>
    public static long PeriodUs(Charge charge, TimeProvider time) =>
        charge.Rate is { } rate ? rate.PeriodUs : QuotaPeriodLength.OfUs(charge.Quota!, time);

    /// <summary>The word of the calendar that a quota goes by, as a policy writes it; empty = it goes by a length of time, or is a rate.</summary>
    public static string QuotaPeriodOf(Charge charge) =>
        charge.Quota is { Period: not QuotaPeriod.Rolling } quota ? SettingNames.QuotaPeriod.Format(quota.Period) : "";

    private static LimitStatus ToStatus(Charge charge, in LimitTest outcome, TimeProvider time) => new()
    {
        Name = charge.Name,
        Scope = charge.Scope,
        Origin = charge.Origin.Name,
        Limit = charge.Max,
        Remaining = outcome.Remaining,
        Period = WireDuration.Of(PeriodUs(charge, time)),
        QuotaPeriod = QuotaPeriodOf(charge),
        ResetAfter = WireDuration.Of(outcome.ResetUs),
        Denied = outcome.Refused && !charge.IsShadow,
    };

    /// <summary>Entries shared by answers and never changed; null = that limit is not explicitly unlimited.</summary>
    internal sealed record UnlimitedLimits(LimitStatus? Rate, LimitStatus? Quota)
    {
        public static UnlimitedLimits From(MergedRight right)
        {
            var rate = right.Limits.Rate is { Value.IsUnlimited: true } ofRate ? ofRate : null;
            var quota = right.Limits.Quota is { Value.IsUnlimited: true } ofQuota ? ofQuota : null;
            return new UnlimitedLimits(
                rate is null ? null : Status("rate", rate.Scope, rate.Origin), quota is null ? null : Status("quota", quota.Scope, quota.Origin));
        }

        private static LimitStatus Status(string name, string scope, Origin origin) =>
            new() { Name = name, Scope = scope, Origin = origin.Name, Limit = Unlimited, Remaining = Unlimited };
    }
}
