using System.Collections.Immutable;
using System.Text.Json;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Json;
using Decision.Engine.Settings;

namespace Decision.Server.Grpc.Admin;

/// <summary>Limits and how they are kept, which policies, keys, APIs and organisations share. Values are not checked here: the rules do.</summary>
internal static class SettingsMapping
{
    private static readonly SmoothingSettings NoSmoothing = new(false, 0, 0, 0, 0);

    public static RateSettings ToRate(double rate, double per, string algorithm, long burst, string path, FieldFindings findings) => new(
        rate,
        per,
        findings.Word(algorithm, SettingNames.RateAlgorithm, FieldFindings.Join(path, "rate_algorithm")),
        burst);

    public static QuotaSettings ToQuota(long max, long renewalRate, string period, string timeZone, string path, FieldFindings findings)
    {
        var quota = new QuotaSettings(
            max, renewalRate, findings.Word(period, SettingNames.QuotaPeriod, FieldFindings.Join(path, "quota_period")), timeZone);
        return quota == QuotaSettings.None ? QuotaSettings.None : quota;
    }

    public static LimitSettings ToLimits(
        RateSettings rate, QuotaSettings quota, double throttleInterval, int throttleRetryLimit, int maxQueryDepth, SmoothingSettings? smoothing)
    {
        var limits = new LimitSettings
        {
            Rate = rate,
            Quota = quota,
            ThrottleInterval = throttleInterval,
            ThrottleRetryLimit = throttleRetryLimit,
            MaxQueryDepth = maxQueryDepth,
            Smoothing = smoothing,
        };
        return limits == LimitSettings.None ? LimitSettings.None : limits;
    }

    public static LimitBehavior ToBehavior(
        string onStoreFailure, string onStoreFailureRate, string onStoreFailureQuota, string mode, string enforcement, FieldFindings findings) => new(
            findings.Word(onStoreFailure, SettingNames.StoreFailure, "on_store_failure"),
            findings.Word(onStoreFailureRate, SettingNames.StoreFailure, "on_store_failure_rate"),
            findings.Word(onStoreFailureQuota, SettingNames.StoreFailure, "on_store_failure_quota"),
            findings.Word(mode, SettingNames.LimitsMode, "limits_mode"),
            findings.Word(enforcement, SettingNames.Enforcement, "enforcement"));

    /// <summary>Null where nothing is set in it.</summary>
    public static SmoothingSettings? ToSmoothing(Smoothing? message, string path, FieldFindings findings)
    {
        if (message is null)
        {
            return null;
        }

        double trigger = findings.Finite(message.Trigger, FieldFindings.Join(path, "smoothing.trigger"));
        var smoothing = new SmoothingSettings(message.Enabled, message.Threshold, trigger, message.Step, message.Delay);
        return smoothing == NoSmoothing ? null : smoothing;
    }

    public static Smoothing? ToMessage(SmoothingSettings? smoothing) => smoothing is null ? null : new Smoothing
    {
        Enabled = smoothing.Enabled,
        Threshold = smoothing.Threshold,
        Trigger = smoothing.Trigger,
        Step = smoothing.Step,
        Delay = smoothing.Delay,
    };

    /// <summary>Null where nothing is set in the block, which is the same as none.</summary>
    public static LimitSettings? ToBlock(LimitBlock? message, string path, FieldFindings findings)
    {
        if (message is null)
        {
            return null;
        }

        var limits = ToLimits(
            ToRate(message.Rate, message.Per, message.RateAlgorithm, message.Burst, path, findings),
            ToQuota(message.QuotaMax, message.QuotaRenewalRate, message.QuotaPeriod, message.QuotaTimeZone, path, findings),
            message.ThrottleInterval,
            message.ThrottleRetryLimit,
            message.MaxQueryDepth,
            ToSmoothing(message.Smoothing, path, findings));
        ImmutableSortedDictionary<string, JsonElement> extra = ExtraFieldsMapping.OfLimit(message.ExtraFields, path, findings);
        return extra.IsEmpty ? (limits == LimitSettings.None ? null : limits) : limits with { ExtraFields = extra };
    }

    public static LimitBlock? ToMessage(LimitSettings? limits) => limits is null ? null : new LimitBlock
    {
        Rate = limits.Rate.Rate,
        Per = limits.Rate.Per,
        RateAlgorithm = SettingNames.RateAlgorithm.Format(limits.Rate.Algorithm),
        Burst = limits.Rate.Burst,
        QuotaMax = limits.Quota.Max,
        QuotaRenewalRate = limits.Quota.RenewalRate,
        QuotaPeriod = SettingNames.QuotaPeriod.Format(limits.Quota.Period),
        QuotaTimeZone = limits.Quota.TimeZone,
        ThrottleInterval = limits.ThrottleInterval,
        ThrottleRetryLimit = limits.ThrottleRetryLimit,
        MaxQueryDepth = limits.MaxQueryDepth,
        Smoothing = ToMessage(limits.Smoothing),
        ExtraFields = StructMapping.ToStruct(limits.ExtraFields),
    };
}
