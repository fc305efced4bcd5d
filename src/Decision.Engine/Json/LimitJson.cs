using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Settings;

namespace Decision.Engine.Json;

/// <summary>The limit fields of policies, keys, APIs, organisations and limit blocks.</summary>
internal static class LimitJson
{
    public static readonly string[] RateNames = ["rate", "per", "rate_algorithm", "burst"];

    public static readonly string[] QuotaNames = ["quota_max", "quota_renewal_rate", "quota_period", "quota_time_zone"];

    public static readonly string[] AllNames =
        [.. RateNames, .. QuotaNames, "throttle_interval", "throttle_retry_limit", "max_query_depth", "smoothing"];

    /// <summary>What a limit answers, and callers send back.</summary>
    public static readonly string[] AnswerNames = ["allowance", "quota_remaining", "quota_renews", "last_check"];

    public static readonly string[] BehaviorNames =
        ["on_store_failure", "on_store_failure_rate", "on_store_failure_quota", "limits_mode", "enforcement"];

    private static readonly FieldNames Block = new(AllNames, kept: ["set_by"], dropped: AnswerNames);

    private static readonly FieldNames SmoothingNames = new(["enabled", "threshold", "trigger", "step", "delay"]);

    private static readonly SmoothingSettings NoSmoothing = new(false, 0, 0, 0, 0);

    public static RateSettings ReadRate(FieldReader fields) => new(
        fields.Number("rate"),
        fields.Number("per"),
        fields.Word("rate_algorithm", SettingNames.RateAlgorithm),
        fields.Integer("burst"));

    public static QuotaSettings ReadQuota(FieldReader fields)
    {
        var quota = new QuotaSettings(
            fields.Integer("quota_max"),
            fields.Integer("quota_renewal_rate"),
            fields.Word("quota_period", SettingNames.QuotaPeriod),
            fields.Text("quota_time_zone"));
        return quota == QuotaSettings.None ? QuotaSettings.None : quota;
    }

    public static LimitSettings Read(FieldReader fields)
    {
        var limits = new LimitSettings
        {
            Rate = ReadRate(fields),
            Quota = ReadQuota(fields),
            ThrottleInterval = fields.Number("throttle_interval"),
            ThrottleRetryLimit = fields.Integer32("throttle_retry_limit"),
            MaxQueryDepth = fields.Integer32("max_query_depth"),
            Smoothing = ReadSmoothing(fields),
        };
        return limits == LimitSettings.None ? LimitSettings.None : limits;
    }

    /// <summary>A limit block of an API; null when absent or nothing is written in it, as the old full form has it.</summary>
    public static LimitSettings? ReadBlock(FieldReader fields, string name)
    {
        if (fields.Inner(name, Block) is not { } block)
        {
            return null;
        }

        var limits = Read(block);
        var extra = block.Extra();
        return extra.IsEmpty ? (limits == LimitSettings.None ? null : limits) : limits with { ExtraFields = extra };
    }

    public static LimitBehavior ReadBehavior(FieldReader fields) => new(
        fields.Word("on_store_failure", SettingNames.StoreFailure),
        fields.Word("on_store_failure_rate", SettingNames.StoreFailure),
        fields.Word("on_store_failure_quota", SettingNames.StoreFailure),
        fields.Word("limits_mode", SettingNames.LimitsMode),
        fields.Word("enforcement", SettingNames.Enforcement));

    public static void WriteRate(Utf8JsonWriter writer, RateSettings rate)
    {
        writer.Number("rate", rate.Rate);
        writer.Number("per", rate.Per);
        writer.Text("rate_algorithm", SettingNames.RateAlgorithm.Format(rate.Algorithm));
        writer.Integer("burst", rate.Burst);
    }

    public static void WriteQuota(Utf8JsonWriter writer, QuotaSettings quota)
    {
        writer.Integer("quota_max", quota.Max);
        writer.Integer("quota_renewal_rate", quota.RenewalRate);
        writer.Text("quota_period", SettingNames.QuotaPeriod.Format(quota.Period));
        writer.Text("quota_time_zone", quota.TimeZone);
    }

    /// <summary>The limits; <paramref name="extra"/> may hold, under <c>smoothing</c>, what that object had beside its fields.</summary>
    public static void Write(Utf8JsonWriter writer, LimitSettings limits, ImmutableSortedDictionary<string, JsonElement> extra)
    {
        WriteRate(writer, limits.Rate);
        WriteQuota(writer, limits.Quota);
        writer.Number("throttle_interval", limits.ThrottleInterval);
        writer.Integer("throttle_retry_limit", limits.ThrottleRetryLimit);
        writer.Integer("max_query_depth", limits.MaxQueryDepth);

        var rest = extra.RestOf("smoothing");
        if (limits.Smoothing is null && rest.IsEmpty)
        {
            return;
        }

        var smoothing = limits.Smoothing ?? NoSmoothing;
        writer.WriteStartObject("smoothing");
        writer.Flag("enabled", smoothing.Enabled);
        writer.Integer("threshold", smoothing.Threshold);
        writer.Number("trigger", smoothing.Trigger);
        writer.Integer("step", smoothing.Step);
        writer.Integer("delay", smoothing.Delay);
        writer.Extra(rest, SmoothingNames);
        writer.WriteEndObject();
    }

    public static void WriteBlock(Utf8JsonWriter writer, string name, LimitSettings? limits)
    {
        if (limits is null || limits == LimitSettings.None)
        {
            return;
        }

        writer.WriteStartObject(name);
        Write(writer, limits, limits.ExtraFields);
        writer.Extra(limits.ExtraFields, Block);
        writer.WriteEndObject();
    }

    public static void WriteBehavior(Utf8JsonWriter writer, LimitBehavior behavior)
    {
        writer.Text("on_store_failure", SettingNames.StoreFailure.Format(behavior.OnStoreFailure));
        writer.Text("on_store_failure_rate", SettingNames.StoreFailure.Format(behavior.OnStoreFailureRate));
        writer.Text("on_store_failure_quota", SettingNames.StoreFailure.Format(behavior.OnStoreFailureQuota));
        writer.Text("limits_mode", SettingNames.LimitsMode.Format(behavior.Mode));
        writer.Text("enforcement", SettingNames.Enforcement.Format(behavior.Enforcement));
    }

    private static SmoothingSettings? ReadSmoothing(FieldReader fields)
    {
        if (fields.Inner("smoothing", SmoothingNames) is not { } inner)
        {
            return null;
        }

        var smoothing = new SmoothingSettings(
            inner.Flag("enabled"), inner.Integer("threshold"), inner.Number("trigger"), inner.Integer("step"), inner.Integer("delay"));
        fields.KeepRest("smoothing", inner);
        return smoothing == NoSmoothing ? null : smoothing;
    }
}
