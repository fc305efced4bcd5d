using System.Globalization;
using System.Text.Json;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Cases;

/// <summary>Merged values as cases write them.</summary>
internal static class MergeText
{
    private const string None = "none";
    private const string Unlimited = "unlimited";

    public static string Rate(MergedLimit<RateSettings>? limit) => limit is null ? None : Rate(limit.Value);

    public static string Rate(RateSettings rate)
    {
        if (rate.IsUnlimited)
        {
            return Unlimited;
        }

        string algorithm = rate.Algorithm is { } written ? " " + SettingNames.RateAlgorithm.Format(written) : "";
        string burst = rate.Burst > 0 ? " " + Number(rate.Burst) : "";
        return $"{Number(rate.Rate)}/{Number(rate.Per)}{algorithm}{burst}";
    }

    public static string Quota(MergedLimit<QuotaSettings>? limit) => limit?.Value switch
    {
        null => None,
        { IsUnlimited: true } => Unlimited,
        { Period: { } period } quota => $"{quota.Max}/{SettingNames.QuotaPeriod.Format(period)} {quota.TimeZone}".TrimEnd(),
        { RenewalRate: <= 0 } quota => $"{quota.Max}/never",
        var quota => $"{quota.Max}/{quota.RenewalRate}",
    };

    public static string Throttle(MergedLimits limits) => $"{Number(limits.ThrottleInterval)}/{limits.ThrottleRetryLimit}";

    public static string Endpoint(MergedEndpoint endpoint) => $"{endpoint.Method} {endpoint.Path} {Rate(endpoint.Rate)}";

    public static string Reason(Reason reason) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.ToString());

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
