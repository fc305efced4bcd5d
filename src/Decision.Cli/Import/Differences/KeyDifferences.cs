using Decision.Engine.Policies;

namespace Decision.Cli.Import.Differences;

/// <summary>The differences that can be seen in one key and its policies.</summary>
internal static class KeyDifferences
{
    /// <summary>All that apply.</summary>
    public static IEnumerable<Effect> Of(KeyFacts facts) =>
    [
        .. Switches(facts),
        .. MissingPolicies(facts),
        .. OwnAccess(facts),
        .. Trials(facts),
        .. OwnValues(facts),
        .. PerApiAccess(facts),
        .. KeyLimitDifferences.Of(facts),
        .. CounterDifferences.Of(facts),
    ];

    // D1 and D3.
    private static IEnumerable<Effect> Switches(KeyFacts facts)
    {
        foreach (var policy in facts.Policies.Where(static policy => !policy.IsLoaded))
        {
            string? lost = Lost(facts, policy);
            yield return facts.Effect(
                "D1",
                lost is null ? EffectKind.Narrows : EffectKind.WidensAccess,
                lost is null
                    ? $"policy {policy.Id} has active: false and is not applied; Tyk applies it."
                    : $"policy {policy.Id} has active: false and is not applied, so that {lost} does not hold; at Tyk it does.");
        }

        if (facts.Key.IsInactive && facts.Policies.Count > 0 && !facts.Policies.Any(static policy => policy.IsInactive))
        {
            yield return facts.Effect("D3", EffectKind.Narrows, "is_inactive of the key counts: it is refused. Tyk ignores it, since the key has a policy.");
        }
    }

    // What an unloaded policy held back.
    private static string? Lost(KeyFacts facts, Policy policy) =>
        facts.Policies.All(static one => !one.IsLoaded) ? null
        : policy.IsInactive ? "its is_inactive"
        : policy.HmacEnabled || policy.EnableHttpSignatureValidation ? "the demand for signatures"
        : !policy.AllowedIps.IsEmpty ? "its allowed_ips"
        : policy.AccessRights.Any(right => Restricts(right.Value) && facts.Policies.Any(other =>
            other.IsLoaded && other.AccessRights.TryGetValue(right.Key, out var open) && !Restricts(open))) ? "its restriction of an API"
        : null;

    private static bool Restricts(AccessRight right) => !right.AllowedUrls.IsEmpty;

    private static IEnumerable<Effect> MissingPolicies(KeyFacts facts)
    {
        foreach (string id in facts.Missing)
        {
            yield return facts.Effect(
                "D25", EffectKind.Cosmetic, $"names policy {id}, which exists neither in what is imported nor at the service. Tyk skips it; it is left out, since another of the key's policies covers everything.");
        }
    }

    // D2: partitions without access, and rights of the key's own.
    private static IEnumerable<Effect> OwnAccess(KeyFacts facts)
    {
        if (facts.Policies.Count > 0 && !facts.HasPolicyAccess && !facts.Key.AccessRights.IsEmpty && facts.Granting.Count == 0)
        {
            yield return facts.Effect(
                "D2",
                EffectKind.WidensAccess,
                $"keeps its own access to {string.Join(", ", facts.Key.AccessRights.Keys)}: its policies cover limits only. Tyk refuses such a key.");
        }
    }

    // D11 and D16.
    private static IEnumerable<Effect> Trials(KeyFacts facts)
    {
        var trials = facts.Policies.Where(static policy => policy.KeyExpiresIn > 0).ToList();
        if (trials.Count == 0)
        {
            yield break;
        }

        yield return facts.Effect(
            "D11", EffectKind.Narrows, "its end is carried over; an update with expires 0 does not make it permanent while a trial policy applies.");
        if (trials[^1].KeyExpiresIn != trials.Min(static policy => policy.KeyExpiresIn))
        {
            yield return facts.Effect(
                "D16", EffectKind.Narrows, $"its trial policies differ: a new key with them ends after the shortest, {trials.Min(static policy => policy.KeyExpiresIn)} seconds, not after the last one's {trials[^1].KeyExpiresIn}.");
        }
    }

    // The key's own limits and rights, where they count.
    private static IEnumerable<Effect> OwnValues(KeyFacts facts)
    {
        var key = facts.Key;
        bool ownRate = !facts.Policies.Any(static policy => policy.Partitions.CoversRate);
        if (ownRate)
        {
            foreach (var effect in LimitDifferences.Of(facts.Subject, key.Limits, ""))
            {
                yield return effect;
            }
        }

        if (!facts.HasPolicyAccess)
        {
            foreach (var (apiId, right) in key.AccessRights)
            {
                facts.ListenPaths.TryGetValue(apiId, out string? listenPath);
                foreach (var effect in LimitDifferences.Of(facts.Subject, apiId, right, listenPath))
                {
                    yield return effect;
                }

                if (right.Limit is { } block && facts.Policies.Count == 0)
                {
                    foreach (var effect in LimitDifferences.Of(facts.Subject, block, $"access_rights.{apiId}.limit")
                        .Concat(PolicyDifferences.Block(facts.Subject, apiId, block, key.Limits)))
                    {
                        yield return effect;
                    }
                }
            }
        }

        if (key.SessionLifetime > 0)
        {
            yield return facts.Effect(
                EffectCodes.Lifetime,
                EffectKind.WidensAccess,
                $"session_lifetime {key.SessionLifetime} has no effect: Tyk forgets the key that many seconds after it was last written; here it stays until expires, or until it is deleted.");
        }
    }

    // D6: of several per_api policies Tyk takes the last one's rights on an API.
    private static IEnumerable<Effect> PerApiAccess(KeyFacts facts)
    {
        var perApi = facts.Policies.Where(static policy => policy is { IsLoaded: true, Partitions.PerApi: true }).ToList();
        foreach (string apiId in perApi.SelectMany(static policy => policy.AccessRights.Keys).Distinct(StringComparer.Ordinal))
        {
            var rights = perApi.Where(policy => policy.AccessRights.ContainsKey(apiId)).Select(policy => policy.AccessRights[apiId]).ToList();
            if (rights.Count < 2 || !facts.Merged.Rights.TryGetValue(apiId, out var merged))
            {
                continue;
            }

            var last = rights[^1];
            bool isWider = Pairs(merged.Access).Except(Pairs(last)).Any() && !last.AllowedUrls.IsEmpty
                || merged.Access.Versions.Except(last.Versions).Any();
            bool isNarrower = last.AllowedUrls.IsEmpty && !merged.Access.AllowedUrls.IsEmpty;
            if (isWider || isNarrower)
            {
                yield return facts.Effect(
                    "D6",
                    isWider ? EffectKind.WidensAccess : EffectKind.Narrows,
                    isWider
                        ? $"API {apiId}: urls and versions of all its per_api policies count, not the last one's alone."
                        : $"API {apiId}: the urls of an earlier per_api policy restrict it; at Tyk the last one's rights replace them.");
            }
        }
    }

    private static IEnumerable<string> Pairs(AccessRight right) =>
        right.AllowedUrls.SelectMany(static url => url.Methods.Select(method => $"{method} {url.Url}"));
}
