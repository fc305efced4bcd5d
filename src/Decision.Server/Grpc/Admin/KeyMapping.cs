using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Keys on the wire and in the engine. Tyk's fields that mean nothing here have names on the wire and are kept as they came inside.</summary>
internal static class KeyMapping
{
    private const string RsaCertificateId = "rsa_certificate_id";
    private const string Certificate = "certificate";
    private const string OauthClientId = "oauth_client_id";

    /// <summary>The key as sent; id, dates, hashes and the other answers are not read.</summary>
    public static Key ToModel(V1.Key message, FieldFindings findings)
    {
        var extra = ExtraFieldsMapping.OfKey(message.ExtraFields, findings);
        extra = Keep(extra, RsaCertificateId, message.RsaCertificateId);
        extra = Keep(extra, Certificate, message.Certificate);
        extra = Keep(extra, OauthClientId, message.OauthClientId);
        return new Key
        {
            OrganizationId = message.OrgId,
            Alias = message.Alias,
            Limits = SettingsMapping.ToLimits(
                SettingsMapping.ToRate(message.Rate, message.Per, message.RateAlgorithm, message.Burst, "", findings),
                SettingsMapping.ToQuota(
                    message.QuotaMax, message.QuotaRenewalRate, message.QuotaPeriod, message.QuotaTimeZone, "", findings),
                message.ThrottleInterval,
                message.ThrottleRetryLimit,
                message.MaxQueryDepth,
                SettingsMapping.ToSmoothing(message.Smoothing, "", findings)),
            AccessRights = AccessRightMapping.ToModel(message.AccessRights, findings),
            ApplyPolicies = ToPolicies(message, findings),
            Tags = [.. message.Tags],
            Metadata = StructMapping.ToMembers(message.MetaData, "meta_data", findings),
            Expires = message.Expires,
            IsInactive = message.IsInactive,
            HmacEnabled = message.HmacEnabled,
            HmacString = message.HmacString,
            EnableHttpSignatureValidation = message.EnableHttpSignatureValidation,
            AllowedIps = [.. message.AllowedIps],
            Behavior = SettingsMapping.ToBehavior(
                message.OnStoreFailure,
                message.OnStoreFailureRate,
                message.OnStoreFailureQuota,
                message.LimitsMode,
                message.Enforcement,
                findings),
            SessionLifetime = message.SessionLifetime,
            PostExpiryAction = message.PostExpiryAction,
            PostExpiryGracePeriod = message.PostExpiryGracePeriod,
            MonitorTriggerLimits = message.Monitor is { } monitor ? [.. monitor.TriggerLimits] : [],
            ExtraFields = extra,
        };
    }

    /// <summary>The key as it is stored, without its signature secret.</summary>
    public static V1.Key ToMessage(KeyRecord record, long nowUs) => WithRecord(ToMessage(record.Key), record, nowUs);

    /// <summary>The key as it takes effect, with what is left of its quotas.</summary>
    public static V1.Key ToMessage(EffectiveKeyView view, KeyRecord record, long nowUs)
    {
        var message = WithRecord(ToMessage(view.Key), record, nowUs);
        if (!view.IsApplied)
        {
            return message;
        }

        message.QuotaRemaining = view.Quota.Remaining;
        message.QuotaRenews = view.Quota.RenewsAt;
        foreach (var (apiId, quota) in view.Apis)
        {
            if (message.AccessRights.TryGetValue(apiId, out var right))
            {
                right.Limit ??= new V1.LimitBlock();
                right.Limit.QuotaRemaining = quota.Remaining;
                right.Limit.QuotaRenews = quota.RenewsAt;
            }
        }

        return message;
    }

    /// <summary>The key without its secrets.</summary>
    public static V1.Key ToMessage(Key key)
    {
        var extra = key.ExtraFields;
        var message = new V1.Key
        {
            KeyId = key.Id,
            OrgId = key.OrganizationId,
            Alias = key.Alias,
            Expires = key.Expires,
            IsInactive = key.IsInactive,
            MetaData = StructMapping.ToStruct(key.Metadata),
            Rate = key.Limits.Rate.Rate,
            Per = key.Limits.Rate.Per,
            RateAlgorithm = SettingNames.RateAlgorithm.Format(key.Limits.Rate.Algorithm),
            Burst = key.Limits.Rate.Burst,
            QuotaMax = key.Limits.Quota.Max,
            QuotaRenewalRate = key.Limits.Quota.RenewalRate,
            QuotaPeriod = SettingNames.QuotaPeriod.Format(key.Limits.Quota.Period),
            QuotaTimeZone = key.Limits.Quota.TimeZone,
            ThrottleInterval = key.Limits.ThrottleInterval,
            ThrottleRetryLimit = key.Limits.ThrottleRetryLimit,
            MaxQueryDepth = key.Limits.MaxQueryDepth,
            Smoothing = SettingsMapping.ToMessage(key.Limits.Smoothing),
            HmacEnabled = key.HmacEnabled,
            EnableHttpSignatureValidation = key.EnableHttpSignatureValidation,
            RsaCertificateId = Take(ref extra, RsaCertificateId),
            Certificate = Take(ref extra, Certificate),
            OauthClientId = Take(ref extra, OauthClientId),
            SessionLifetime = key.SessionLifetime,
            PostExpiryAction = key.PostExpiryAction,
            PostExpiryGracePeriod = key.PostExpiryGracePeriod,
            DateCreated = WireTime.OfUs(key.DateCreatedUs),
            LastUpdated = key.LastUpdated,
            OnStoreFailure = SettingNames.StoreFailure.Format(key.Behavior.OnStoreFailure),
            OnStoreFailureRate = SettingNames.StoreFailure.Format(key.Behavior.OnStoreFailureRate),
            OnStoreFailureQuota = SettingNames.StoreFailure.Format(key.Behavior.OnStoreFailureQuota),
            LimitsMode = SettingNames.LimitsMode.Format(key.Behavior.Mode),
            Enforcement = SettingNames.Enforcement.Format(key.Behavior.Enforcement),
        };
        if (!key.MonitorTriggerLimits.IsDefaultOrEmpty)
        {
            message.Monitor = new V1.UsageMonitor();
            message.Monitor.TriggerLimits.AddRange(key.MonitorTriggerLimits);
        }

        message.ApplyPolicies.AddRange(key.ApplyPolicies);
        AccessRightMapping.Add(message.AccessRights, key.AccessRights);
        message.Tags.AddRange(key.Tags);
        message.AllowedIps.AddRange(key.AllowedIps);
        message.ExtraFields = StructMapping.ToStruct(extra);
        return message;
    }

    private static V1.Key WithRecord(V1.Key message, KeyRecord record, long nowUs)
    {
        message.Etag = KeyEtag.Write(record.Version);
        message.KeyHashes.AddRange(record.Hashes.Where(hash => hash.IsLiveAt(nowUs)).Select(hash => new V1.KeyHash
        {
            Hash = hash.ToText(),
            ValidUntil = WireTime.OfUs(hash.EndsAtUs ?? 0),
        }));
        return message;
    }

    private static ImmutableArray<string> ToPolicies(V1.Key message, FieldFindings findings)
    {
        string single = message.ApplyPolicyId;
        if (single.Length == 0)
        {
            return [.. message.ApplyPolicies];
        }

        bool isUsed = message.ApplyPolicies.Count == 0;
        findings.Warn(
            "apply_policy_id",
            isUsed || message.ApplyPolicies is [var only] && only == single
                ? "is deprecated: write apply_policies, a list of policy ids."
                : "is deprecated, and ignored because apply_policies is written: remove it.");
        return isUsed ? [single] : [.. message.ApplyPolicies];
    }

    private static ImmutableSortedDictionary<string, JsonElement> Keep(
        ImmutableSortedDictionary<string, JsonElement> extra, string name, string value) =>
        value.Length == 0 ? extra : extra.SetItem(name, JsonSerializer.SerializeToElement(value, ExtraFieldsJson.Default.String));

    private static string Take(ref ImmutableSortedDictionary<string, JsonElement> extra, string name)
    {
        if (!extra.TryGetValue(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        extra = extra.Remove(name);
        return value.GetString()!;
    }
}
