using System.Globalization;
using System.Text.Json;
using Decision.Cli.Import.Differences;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Cli.Import.Planning;

/// <summary>
/// What a session says of the use of its quotas, as use of the counters here. A counter here that stands for several of Tyk's gets their sum;
/// where one of Tyk's is split here, each part gets all of it: use may be counted twice, never lost.
/// </summary>
internal static class SessionUsage
{
    /// <summary>Units used, by the scope of the counter here.</summary>
    /// <param name="session">The session as it came, with what remains of its quotas.</param>
    /// <param name="key">The same, read.</param>
    /// <param name="policies">Its policies in their order.</param>
    /// <param name="merged">What it comes to here.</param>
    /// <param name="nowSeconds">Now, in Unix seconds: a period that is over counts nothing.</param>
    public static IReadOnlyDictionary<string, long> Of(
        JsonElement session, Key key, IReadOnlyList<Policy> policies, MergedKey merged, long nowSeconds)
    {
        var used = new Dictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        foreach (var (apiId, right) in merged.Rights)
        {
            if (right.Limits.Quota is not { Value.IsUnlimited: false } quota)
            {
                continue;
            }

            string there = TykScope.Of(key, policies, apiId);
            long units = (there.Length > 0 && Block(session, apiId) is { } block ? Used(block, nowSeconds) : null)
                ?? Used(session, nowSeconds)
                ?? (Block(session, apiId) is { } own ? Used(own, nowSeconds) : null)
                ?? 0;
            if (units > 0)
            {
                if (!used.TryGetValue(quota.Scope, out var byScope))
                {
                    used[quota.Scope] = byScope = new Dictionary<string, long>(StringComparer.Ordinal);
                }

                byScope[there] = Math.Max(byScope.GetValueOrDefault(there), units);
            }
        }

        return used.ToDictionary(static one => one.Key, static one => one.Value.Values.Sum(), StringComparer.Ordinal);
    }

    // Null = it says nothing. Tyk leaves zeros out, so that with a running period an absent quota_remaining means that nothing is left.
    private static long? Used(JsonElement limits, long nowSeconds)
    {
        long max = Number(limits, "quota_max") ?? 0;
        long renews = Number(limits, "quota_renews") ?? 0;
        if (max <= 0)
        {
            return null;
        }

        bool renewing = (Number(limits, "quota_renewal_rate") ?? 0) > 0;
        if (renewing && renews > 0 && renews < nowSeconds)
        {
            return 0;
        }

        return Number(limits, "quota_remaining") is { } remaining ? Math.Clamp(max - remaining, 0, max)
            : renews > 0 ? max
            : null;
    }

    private static JsonElement? Block(JsonElement session, string apiId) =>
        session.TryGetProperty("access_rights", out var rights) && rights.ValueKind == JsonValueKind.Object
        && rights.TryGetProperty(apiId, out var right) && right.ValueKind == JsonValueKind.Object
        && right.TryGetProperty("limit", out var limit) && limit.ValueKind == JsonValueKind.Object
            ? limit
            : null;

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? (long)decimal.Truncate(decimal.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture))
            : null;
}
