using System.Text.Json.Nodes;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi.Keys;

/// <summary>
/// A key with its policies applied as Tyk's session object: what is not set is left out, as Tyk 5 does, but for what is left of a quota: 0 is
/// written there.
/// </summary>
internal static class SessionJson
{
    // Where a limit is counted that is the key's own at its root.
    private const string KeyScope = "key";

    public static JsonObject Of(MergedKey merged, IReadOnlyList<CounterReading> usage)
    {
        var view = EffectiveKeyView.Of(merged, usage);
        var key = view.IsApplied ? Shown(view.Key, merged) : view.Key;
        var session = JsonAnswer.ToObject(writer => KeyJson.Write(writer, key, withSecrets: false));
        if (!view.IsApplied)
        {
            return session;
        }

        AddLeft(session, key.Limits.Quota, view.Quota);
        foreach (var (apiId, left) in view.Apis)
        {
            if (session["access_rights"]?[apiId]?["limit"] is JsonObject limit)
            {
                AddLeft(limit, key.AccessRights[apiId].Limit!.Quota, left);
            }
        }

        return session;
    }

    /// <summary>Adds what is left of a quota behind its maximum; nothing where there is no quota.</summary>
    public static void AddLeft(JsonObject limits, QuotaSettings quota, QuotaLeft left)
    {
        if (quota.Max == 0)
        {
            return;
        }

        int at = limits.IndexOf("quota_max") + 1;
        if (left.RenewsAt != 0)
        {
            limits.Insert(at, "quota_renews", left.RenewsAt);
        }

        limits.Insert(at, "quota_remaining", left.Remaining);
    }

    /// <summary>
    /// Scripts put back what they were shown. So what is not a policy's stays where it was written: a limit of the key's root in a block of an
    /// API would be a limit of that API from then on, and a default of the server a setting of the key.
    /// </summary>
    private static Key Shown(Key key, MergedKey merged)
    {
        var rights = key.AccessRights;
        foreach (var (apiId, right) in merged.Rights)
        {
            rights = rights.SetItem(apiId, Shown(rights[apiId], right.Limits, merged.Root));
        }

        return key with
        {
            AccessRights = rights,
            Behavior = merged.Key.Behavior,
            Limits = key.Limits with { Smoothing = merged.Key.Limits.Smoothing },
        };
    }

    private static AccessRight Shown(AccessRight shown, MergedLimits limits, MergedLimits root) => shown with
    {
        Limit = new LimitSettings
        {
            Rate = limits.Rate is { Scope: not KeyScope } rate ? rate.Value : default,
            Quota = limits.Quota is { Scope: not KeyScope } quota ? quota.Value : QuotaSettings.None,
            MaxQueryDepth = limits.MaxQueryDepth is { Scope: not KeyScope } depth ? depth.Value : 0,
            ThrottleInterval = limits.ThrottleInterval == root.ThrottleInterval ? 0 : limits.ThrottleInterval,
            ThrottleRetryLimit = limits.ThrottleRetryLimit == root.ThrottleRetryLimit ? 0 : limits.ThrottleRetryLimit,
        },
    };
}
