using System.Text.Json;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Policies on the wire and in the engine.</summary>
internal static class PolicyMapping
{
    private const string Graphql = "graphql_access_rights";

    /// <summary>The policy as sent; <c>etag</c>, <c>revision</c> and <c>source</c> are answers and not read.</summary>
    public static Policy ToModel(V1.Policy message, FieldFindings findings)
    {
        var extra = ExtraFieldsMapping.OfPolicy(message.ExtraFields, findings);
        if (message.GraphqlAccessRights is { } graphql)
        {
            var members = StructMapping.ToMembers(graphql, Graphql, findings);
            extra = extra.SetItem(Graphql, JsonSerializer.SerializeToElement(members, ExtraFieldsJson.Default.ImmutableSortedDictionaryStringJsonElement));
        }

        return new Policy
        {
            Id = message.Id,
            ObjectId = message.ObjectId,
            Name = message.Name,
            OrganizationId = message.OrgId,
            Limits = SettingsMapping.ToLimits(
                SettingsMapping.ToRate(message.Rate, message.Per, message.RateAlgorithm, message.Burst, "", findings),
                SettingsMapping.ToQuota(
                    message.QuotaMax, message.QuotaRenewalRate, message.QuotaPeriod, message.QuotaTimeZone, "", findings),
                message.ThrottleInterval,
                message.ThrottleRetryLimit,
                message.MaxQueryDepth,
                SettingsMapping.ToSmoothing(message.Smoothing, "", findings)),
            AccessRights = AccessRightMapping.ToModel(message.AccessRights, findings),
            Partitions = message.Partitions is { } parts
                ? new Partitions(parts.Quota, parts.RateLimit, parts.Acl, parts.Complexity, parts.PerApi)
                : default,
            HmacEnabled = message.HmacEnabled,
            EnableHttpSignatureValidation = message.EnableHttpSignatureValidation,
            Active = message.HasActive ? message.Active : null,
            IsInactive = message.IsInactive,
            Tags = [.. message.Tags],
            KeyExpiresIn = message.KeyExpiresIn,
            PostExpiryAction = message.PostExpiryAction,
            PostExpiryGracePeriod = message.PostExpiryGracePeriod,
            LastUpdated = message.LastUpdated,
            Metadata = StructMapping.ToMembers(message.MetaData, "meta_data", findings),
            AllowedIps = [.. message.AllowedIps],
            Behavior = SettingsMapping.ToBehavior(
                message.OnStoreFailure,
                message.OnStoreFailureRate,
                message.OnStoreFailureQuota,
                message.LimitsMode,
                message.Enforcement,
                findings),
            ExtraFields = extra,
        };
    }

    /// <summary>The policy with what is known of how it is stored.</summary>
    public static V1.Policy ToMessage(Stored<Policy> stored)
    {
        var message = ToMessage(stored.Value);
        message.Etag = stored.Etag;
        message.Revision = stored.Revision;
        message.Source = stored.Source;
        return message;
    }

    public static V1.Policy ToMessage(Policy policy)
    {
        var extra = policy.ExtraFields;
        var message = new V1.Policy
        {
            Id = policy.Id,
            ObjectId = policy.ObjectId,
            Name = policy.Name,
            OrgId = policy.OrganizationId,
            Rate = policy.Limits.Rate.Rate,
            Per = policy.Limits.Rate.Per,
            RateAlgorithm = SettingNames.RateAlgorithm.Format(policy.Limits.Rate.Algorithm),
            Burst = policy.Limits.Rate.Burst,
            QuotaMax = policy.Limits.Quota.Max,
            QuotaRenewalRate = policy.Limits.Quota.RenewalRate,
            QuotaPeriod = SettingNames.QuotaPeriod.Format(policy.Limits.Quota.Period),
            QuotaTimeZone = policy.Limits.Quota.TimeZone,
            ThrottleInterval = policy.Limits.ThrottleInterval,
            ThrottleRetryLimit = policy.Limits.ThrottleRetryLimit,
            MaxQueryDepth = policy.Limits.MaxQueryDepth,
            HmacEnabled = policy.HmacEnabled,
            EnableHttpSignatureValidation = policy.EnableHttpSignatureValidation,
            IsInactive = policy.IsInactive,
            KeyExpiresIn = policy.KeyExpiresIn,
            PostExpiryAction = policy.PostExpiryAction,
            PostExpiryGracePeriod = policy.PostExpiryGracePeriod,
            Partitions = ToMessage(policy.Partitions),
            LastUpdated = policy.LastUpdated,
            MetaData = StructMapping.ToStruct(policy.Metadata),
            Smoothing = SettingsMapping.ToMessage(policy.Limits.Smoothing),
            OnStoreFailure = SettingNames.StoreFailure.Format(policy.Behavior.OnStoreFailure),
            OnStoreFailureRate = SettingNames.StoreFailure.Format(policy.Behavior.OnStoreFailureRate),
            OnStoreFailureQuota = SettingNames.StoreFailure.Format(policy.Behavior.OnStoreFailureQuota),
            LimitsMode = SettingNames.LimitsMode.Format(policy.Behavior.Mode),
            Enforcement = SettingNames.Enforcement.Format(policy.Behavior.Enforcement),
        };
        if (policy.Active is { } active)
        {
            message.Active = active;
        }

        if (extra.TryGetValue(Graphql, out var graphql) && graphql.ValueKind == JsonValueKind.Object)
        {
            message.GraphqlAccessRights = StructMapping.ToValue(graphql).StructValue;
            extra = extra.Remove(Graphql);
        }

        AccessRightMapping.Add(message.AccessRights, policy.AccessRights);
        message.Tags.AddRange(policy.Tags);
        message.AllowedIps.AddRange(policy.AllowedIps);
        message.ExtraFields = StructMapping.ToStruct(extra);
        return message;
    }

    private static V1.PolicyPartitions? ToMessage(Partitions partitions) => partitions == default ? null : new V1.PolicyPartitions
    {
        Quota = partitions.Quota,
        RateLimit = partitions.RateLimit,
        Acl = partitions.Acl,
        Complexity = partitions.Complexity,
        PerApi = partitions.PerApi,
    };
}
