using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>
/// A key as it takes effect, in the form in which keys are written, so that every protocol can show it. Computed; nothing of it is written
/// back.
/// </summary>
/// <param name="Key">The key with its policies applied; as stored where they refuse it as a whole.</param>
/// <param name="IsApplied">False where the policies refuse the key as a whole.</param>
/// <param name="Quota">What is left of the quota at the root.</param>
/// <param name="Apis">What is left of the quota of each API, by its id.</param>
/// <param name="Findings">Why policies of the key are not applied; empty = all are.</param>
public sealed record EffectiveKeyView(
    Key Key, bool IsApplied, QuotaLeft Quota, ImmutableSortedDictionary<string, QuotaLeft> Apis, IReadOnlyList<Finding> Findings)
{
    private static readonly ImmutableSortedDictionary<string, AccessRight> NoRights =
        ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Shows a key with its policies applied.</summary>
    /// <param name="merged">The key with its policies applied.</param>
    /// <param name="usage">What its counters hold; a quota without a reading counts as unused.</param>
    public static EffectiveKeyView Of(MergedKey merged, IReadOnlyList<CounterReading> usage)
    {
        ArgumentNullException.ThrowIfNull(merged);
        ArgumentNullException.ThrowIfNull(usage);
        var findings = FindingsOf(merged);
        if (merged.Failure != Reason.Allowed)
        {
            return new EffectiveKeyView(merged.Key, IsApplied: false, default, ImmutableSortedDictionary<string, QuotaLeft>.Empty, findings);
        }

        var quotas = usage.Where(reading => reading.Charge.Quota is not null)
            .DistinctBy(reading => reading.Charge.Scope, StringComparer.Ordinal)
            .ToDictionary(reading => reading.Charge.Scope, StringComparer.Ordinal);
        return new EffectiveKeyView(
            KeyOf(merged),
            IsApplied: true,
            QuotaLeft.Of(merged.Root.Quota, quotas),
            merged.Rights.ToImmutableSortedDictionary(
                right => right.Key, right => QuotaLeft.Of(right.Value.Limits.Quota, quotas), StringComparer.Ordinal),
            findings);
    }

    private static Key KeyOf(MergedKey merged)
    {
        var key = merged.Key;
        var policies = merged.Policies;
        return key with
        {
            Limits = LimitsOf(merged.Root),
            AccessRights = NoRights.AddRange(merged.Rights.Select(right => KeyValuePair.Create(right.Key, RightOf(right.Value)))),
            Tags = merged.Tags,
            Metadata = merged.Metadata,
            Expires = merged.Expires,
            IsInactive = merged.InactiveOrigin.Length > 0,
            HmacEnabled = key.HmacEnabled || policies.Any(entry => entry.Policy.HmacEnabled),
            EnableHttpSignatureValidation =
                key.EnableHttpSignatureValidation || policies.Any(entry => entry.Policy.EnableHttpSignatureValidation),
            AllowedIps = key.AllowedIps.IsEmpty
                ? [.. merged.Rights.Values.SelectMany(right => right.AllowedIps).Distinct(StringComparer.Ordinal)]
                : key.AllowedIps,
            Behavior = BehaviorOf(merged),
        };
    }

    private static AccessRight RightOf(MergedRight right) => right.Access with
    {
        Limit = LimitsOf(right.Limits),
        AllowanceScope = right.Limits.Quota is { Value.Max: > 0 } quota ? RawScope(quota.Scope) : "",
        Endpoints = EndpointsOf(right.Endpoints),
    };

    private static LimitSettings LimitsOf(MergedLimits limits) => new()
    {
        Rate = limits.Rate?.Value ?? default,
        Quota = limits.Quota?.Value ?? QuotaSettings.None,
        ThrottleInterval = limits.ThrottleInterval,
        ThrottleRetryLimit = limits.ThrottleRetryLimit,
        MaxQueryDepth = limits.MaxQueryDepth?.Value ?? 0,
    };

    // Neighbours of one path are one entry; more is not put together, since the first match counts.
    private static ImmutableArray<EndpointRight> EndpointsOf(ImmutableArray<MergedEndpoint> merged)
    {
        var endpoints = ImmutableArray.CreateBuilder<EndpointRight>();
        foreach (var one in merged)
        {
            var method = new EndpointMethod(one.Method, one.Rate);
            if (endpoints.Count > 0 && endpoints[^1].Path == one.Path)
            {
                endpoints[^1] = endpoints[^1] with { Methods = endpoints[^1].Methods.Add(method) };
            }
            else
            {
                endpoints.Add(new EndpointRight(one.Path, [method]));
            }
        }

        return endpoints.ToImmutable();
    }

    // What is in force on every API is said for the key; where APIs differ, no single word would be true.
    private static LimitBehavior BehaviorOf(MergedKey merged)
    {
        var all = merged.Rights.Values.Concat(merged.AnyApi is { } any ? [any] : [])
            .Select(right => (Rate: right.RateBehavior, Quota: right.QuotaBehavior)).Distinct().ToArray();
        return all is [var (rate, quota)]
            ? new LimitBehavior(
                rate.OnStoreFailure == quota.OnStoreFailure ? rate.OnStoreFailure : null,
                rate.OnStoreFailure,
                quota.OnStoreFailure,
                rate.Mode == quota.Mode ? rate.Mode : null,
                rate.Enforcement == quota.Enforcement ? rate.Enforcement : null)
            : merged.Key.Behavior;
    }

    // As Tyk's clients know it: the bare id of the policy or API, empty for the key itself.
    private static string RawScope(string scope) => scope.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? scope[(colon + 1)..] : "";

    private static FindingList FindingsOf(MergedKey merged)
    {
        var findings = new FindingList();
        if (merged.Failure != Reason.Allowed)
        {
            findings.Error($"policy {merged.FailureOrigin}", "", merged.FailureFinding);
        }

        foreach (var missing in merged.MissingPolicies.Where(missing => merged.Failure == Reason.Allowed || missing.PolicyId != merged.FailureOrigin))
        {
            findings.Warn(
                $"policy {missing.PolicyId}",
                "",
                missing.Entry is null
                    ? "does not exist and is skipped: create it, or remove it from the key."
                    : "is switched off (active: false) and is skipped: switch it on, or remove it from the key.");
        }

        return findings;
    }
}
