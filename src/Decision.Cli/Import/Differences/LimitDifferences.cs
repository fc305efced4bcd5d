using System.Globalization;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Cli.Import.Differences;

/// <summary>What applies to limits and rights as they are written, in a policy and in a key alike.</summary>
internal static class LimitDifferences
{
    /// <summary>D20, D21, D22 and times of limits.</summary>
    /// <param name="subject">What they are of.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="where">Where they stand; empty = at the root.</param>
    public static IEnumerable<Effect> Of(string subject, LimitSettings limits, string where)
    {
        string at = where.Length == 0 ? "" : where + ": ";
        if (limits.ThrottleRetryLimit > 0)
        {
            yield return new Effect(
                "D20",
                EffectKind.Narrows,
                subject,
                $"{at}a request above the rate is refused at once, not held and tried again {limits.ThrottleRetryLimit} times (throttle_retry_limit).");
        }

        if (limits.Smoothing is { Enabled: true } smoothing)
        {
            bool isValid = smoothing is { Threshold: > 0, Trigger: > 0, Step: > 0, Delay: > 0 };
            yield return new Effect(
                "D21",
                isValid ? EffectKind.WidensLimit : EffectKind.Cosmetic,
                subject,
                isValid
                    ? $"{at}smoothing has no effect: the rate is {Number(limits.Rate.Rate)} from the start, where Tyk begins at {smoothing.Threshold}. Use token_bucket with a burst."
                    : $"{at}smoothing has no effect; Tyk ignores it as well, since a value of it is 0.");
        }

        if (limits.MaxQueryDepth > 0)
        {
            yield return new Effect(
                "D22",
                EffectKind.WidensLimit,
                subject,
                $"{at}max_query_depth {limits.MaxQueryDepth} counts where the request states query_depth: the body is not read here.");
        }

        foreach (var effect in Times(subject, limits.Rate, at))
        {
            yield return effect;
        }
    }

    /// <summary>D8 and D22 of the rights on one API, and times of its endpoints.</summary>
    public static IEnumerable<Effect> Of(string subject, string apiId, AccessRight right, string? listenPath)
    {
        string at = $"access_rights.{apiId}: ";
        foreach (var effect in UrlDifferences.Of(subject, apiId, right.AllowedUrls, listenPath))
        {
            yield return effect;
        }

        string[] lists =
        [
            .. right.RestrictedTypes.IsEmpty ? [] : new[] { "restricted_types" },
            .. right.AllowedTypes.IsEmpty ? [] : new[] { "allowed_types" },
            .. right.FieldAccessRights.IsEmpty ? [] : new[] { "field_access_rights" },
            .. right.DisableIntrospection ? new[] { "disable_introspection" } : [],
        ];
        if (lists.Length > 0)
        {
            yield return new Effect(
                "D22", EffectKind.WidensAccess, subject, $"{at}{string.Join(", ", lists)}: given back for the proxy, not enforced here, since no body is read.");
        }

        foreach (var effect in right.Endpoints.SelectMany(endpoint => endpoint.Methods.SelectMany(method =>
            Times(subject, method.Rate, $"{at}{method.Name} {endpoint.Path}: "))))
        {
            yield return effect;
        }
    }

    private static IEnumerable<Effect> Times(string subject, RateSettings rate, string at)
    {
        if (rate.Rate is > 0 and < 1)
        {
            yield return new Effect(
                EffectCodes.Times,
                EffectKind.WidensLimit,
                subject,
                $"{at}rate {Number(rate.Rate)} per {Number(rate.Per)} is one request in {Number(rate.Per / rate.Rate)} seconds; Tyk cuts it to 0, which blocks or admits by limiter.");
        }

        if (rate.Rate > 0 && rate.Per != Math.Floor(rate.Per))
        {
            yield return new Effect(
                EffectCodes.Times,
                EffectKind.Narrows,
                subject,
                $"{at}per {Number(rate.Per)} keeps its fraction; Tyk cuts it to {Number(Math.Floor(rate.Per))}" + (rate.Per < 1 ? ", which is no limit." : "."));
        }
    }

    internal static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
