using System.Text.RegularExpressions;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Rules;

/// <summary>Rules of limits, wherever they are written.</summary>
internal static partial class LimitRules
{
    public static void Check(FindingScope scope, string path, LimitSettings limits)
    {
        CheckRate(scope, path, limits.Rate);
        CheckQuota(scope, path, limits.Quota);
        CheckThrottle(scope, path, limits);
        ValueRules.Integer(scope, FindingScope.Join(path, "max_query_depth"), limits.MaxQueryDepth, int.MaxValue, "unlimited");
        if (limits.Smoothing is { Enabled: true })
        {
            scope.Warn(
                FindingScope.Join(path, "smoothing"),
                "is kept, but without effect (difference D21): use rate_algorithm token_bucket with a burst.");
        }
    }

    public static void CheckRate(FindingScope scope, string path, RateSettings rate)
    {
        var rateField = FindingScope.Join(path, "rate");
        var perField = FindingScope.Join(path, "per");
        var isRateValid = IsValidRate(rate.Rate);
        if (!isRateValid)
        {
            scope.Error(
                rateField,
                $"{ValueRules.Format(rate.Rate)} is not a rate: write requests per 'per' seconds, from more than 0 to "
                + $"{ValueRules.Format(RuleNumbers.LargestRate)}, 0 for not set or -1 for unlimited.");
        }

        CheckPer(scope, perField, rate, isRateValid);
        if (isRateValid && rate.Rate > 1 && rate.Rate != Math.Floor(rate.Rate))
        {
            scope.Warn(
                rateField,
                $"{ValueRules.Format(rate.Rate)} counts as {ValueRules.Format(Math.Floor(rate.Rate))}: write a whole number, or a longer "
                + "'per'.");
        }

        var burstField = FindingScope.Join(path, "burst");
        ValueRules.Integer(scope, burstField, rate.Burst, RuleNumbers.LargestBurst);
        if (rate.Burst > 0 && rate.Algorithm != RateAlgorithm.TokenBucket)
        {
            scope.Warn(burstField, $"{rate.Burst} has no effect: only rate_algorithm token_bucket has a burst.");
        }

        if (rate.Algorithm is { } algorithm && !Enum.IsDefined(algorithm))
        {
            scope.Error(FindingScope.Join(path, "rate_algorithm"), SettingNames.RateAlgorithm.Problem(algorithm.ToString()));
        }
    }

    public static void CheckQuota(FindingScope scope, string path, QuotaSettings quota)
    {
        var renewalField = FindingScope.Join(path, "quota_renewal_rate");
        ValueRules.Integer(scope, FindingScope.Join(path, "quota_max"), quota.Max, RuleNumbers.LargestQuota, "unlimited");
        ValueRules.Integer(scope, renewalField, quota.RenewalRate, RuleNumbers.LongestSeconds, "never");

        var isCalendar = quota.Period is not null and not QuotaPeriod.Rolling;
        if (quota.Period is { } period && !Enum.IsDefined(period))
        {
            scope.Error(FindingScope.Join(path, "quota_period"), SettingNames.QuotaPeriod.Problem(period.ToString()));
        }
        else if (isCalendar && quota.RenewalRate > 0)
        {
            scope.Warn(
                renewalField,
                $"{quota.RenewalRate} has no effect: quota_period {SettingNames.QuotaPeriod.Format(quota.Period)} counts. "
                + "Remove one of the two.");
        }
        else if (!isCalendar && quota is { Max: > 0, RenewalRate: 0 })
        {
            scope.Warn(
                renewalField,
                $"is not set: {quota.Max} requests are all that a key ever gets. Write the seconds of a period, or -1 if that is meant.");
        }

        CheckTimeZone(scope, FindingScope.Join(path, "quota_time_zone"), quota.TimeZone, isCalendar);
    }

    /// <summary>Words that came in as numbers, such as by protobuf or a store.</summary>
    public static void CheckBehavior(FindingScope scope, LimitBehavior behavior)
    {
        CheckWord(scope, "on_store_failure", behavior.OnStoreFailure, SettingNames.StoreFailure);
        CheckWord(scope, "on_store_failure_rate", behavior.OnStoreFailureRate, SettingNames.StoreFailure);
        CheckWord(scope, "on_store_failure_quota", behavior.OnStoreFailureQuota, SettingNames.StoreFailure);
        CheckWord(scope, "limits_mode", behavior.Mode, SettingNames.LimitsMode);
        CheckWord(scope, "enforcement", behavior.Enforcement, SettingNames.Enforcement);
    }

    private static void CheckWord<T>(FindingScope scope, string field, T? value, SettingWords<T> words)
        where T : struct, Enum
    {
        if (value is { } word && !Enum.IsDefined(word))
        {
            scope.Error(field, words.Problem(word.ToString()));
        }
    }

    // Not a number compares false with everything, so it is not valid.
    private static bool IsValidRate(double rate) => rate is -1 or >= 0 and <= RuleNumbers.LargestRate;

    private static void CheckPer(FindingScope scope, string field, RateSettings rate, bool isRateValid)
    {
        var isPositiveRate = isRateValid && rate.Rate > 0;
        var range = $"write seconds, from {ValueRules.Format(RuleNumbers.ShortestPer)} to {ValueRules.Format(RuleNumbers.LongestPer)}";
        switch (rate.Per)
        {
            case 0 when isPositiveRate:
                scope.Error(field, $"is missing, but rate is {ValueRules.Format(rate.Rate)}: {range}.");
                break;
            case 0:
            case -1 when !isPositiveRate:
                break;
            case >= RuleNumbers.ShortestPer and <= RuleNumbers.LongestPer:
                CheckStretched(scope, field, rate, isPositiveRate);
                break;
            default:
                scope.Error(field, $"{ValueRules.Format(rate.Per)} is out of range: {range}.");
                break;
        }
    }

    private static void CheckStretched(FindingScope scope, string field, RateSettings rate, bool isPositiveRate)
    {
        if (isPositiveRate && rate.Rate < 1 && rate.Per / rate.Rate > RuleNumbers.LongestPer)
        {
            scope.Error(
                field,
                $"with rate {ValueRules.Format(rate.Rate)} means one request in more than {ValueRules.Format(RuleNumbers.LongestPer)} "
                + "seconds: write a larger rate or a shorter per.");
        }
        else if (rate.Rate == 0)
        {
            scope.Warn(field, $"{ValueRules.Format(rate.Per)} has no effect without a rate.");
        }
    }

    private static void CheckThrottle(FindingScope scope, string path, LimitSettings limits)
    {
        var intervalField = FindingScope.Join(path, "throttle_interval");
        var retryField = FindingScope.Join(path, "throttle_retry_limit");
        if (!(limits.ThrottleInterval is -1 or >= 0 and <= RuleNumbers.LongestSeconds))
        {
            scope.Error(
                intervalField,
                $"{ValueRules.Format(limits.ThrottleInterval)} is out of range: write seconds, 0 to {RuleNumbers.LongestSeconds}, or -1.");
        }

        ValueRules.Integer(scope, retryField, limits.ThrottleRetryLimit, int.MaxValue, "no retry");
        if (limits.ThrottleRetryLimit > 0 || limits.ThrottleInterval > 0)
        {
            scope.Warn(
                limits.ThrottleRetryLimit > 0 ? retryField : intervalField,
                "is kept and given back, but nothing is held and retried here (difference D20).");
        }
    }

    private static void CheckTimeZone(FindingScope scope, string field, string timeZone, bool isCalendar)
    {
        if (timeZone.Length == 0)
        {
            return;
        }

        // The pattern keeps a name from being a path out of the time zone database.
        if (!TimeZonePattern().IsMatch(timeZone) || !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _))
        {
            scope.Error(
                field, $"{JsonText.Quote(timeZone)} is no known time zone: write an IANA name such as Europe/Berlin, or nothing for UTC.");
        }
        else if (!isCalendar)
        {
            scope.Warn(field, $"{JsonText.Quote(timeZone)} has no effect without quota_period hour, day, week or month.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimeZonePattern();
}
