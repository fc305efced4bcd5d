using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <content>What a key's counters hold, and what changes that.</content>
public sealed partial class KeyAdministration
{
    /// <summary>What each counter holds that the key spends on: its own first, then its organisation's and those of APIs.</summary>
    public async ValueTask<IReadOnlyList<CounterReading>> GetUsageAsync(string keyId, CancellationToken cancellation)
    {
        var effective = await GetEffectiveAsync(keyId, cancellation).ConfigureAwait(false);
        var shared = SharedChargesOf(effective.Grant);
        return shared.Length == 0
            ? effective.Usage
            : [.. effective.Usage, .. await _counters.ReadAsync(shared, cancellation).ConfigureAwait(false)];
    }

    /// <summary>Clears counters of the key; answers what each held.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="name"><c>rate</c> or <c>quota</c>; empty = both.</param>
    /// <param name="scope">One scope, as usage shows it; empty = all.</param>
    /// <param name="cancellation">Given up before the write.</param>
    public async ValueTask<IReadOnlyList<CounterReading>> ResetUsageAsync(
        string keyId, string name, string scope, CancellationToken cancellation)
    {
        if (name is not ("" or "rate" or "quota"))
        {
            throw new AdministrationException("name", $"\"{name}\" is no limit; write rate, quota, or leave it empty for both.");
        }

        var key = (await GetAsync(keyId, cancellation).ConfigureAwait(false)).Key;
        var charges = ChargesOf(GrantOf(key));
        var named = charges.Where(charge => name.Length == 0 || charge.Name == name).ToArray();
        var chosen = named.Where(charge => scope.Length == 0 || charge.Scope == scope).ToArray();
        return chosen.Length == 0 && scope.Length > 0
            ? throw NoSuchScope(named, scope)
            : await ResetAsync(key, chosen).ConfigureAwait(false);
    }

    /// <summary>Clears the quotas that the key alone counts on.</summary>
    public async ValueTask ResetOwnQuotasAsync(string keyId, CancellationToken cancellation)
    {
        var key = (await GetAsync(keyId, cancellation).ConfigureAwait(false)).Key;
        Charge[] own = [.. ChargesOf(GrantOf(key)).Where(charge => charge.Quota is not null && charge.Counter.Subject.Kind == SubjectKind.Key)];
        if (own.Length > 0)
        {
            await ResetAsync(key, own).ConfigureAwait(false);
        }
    }

    /// <summary>Adds to what a quota has used, or with a negative number gives back.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="scope">The quota's scope, as usage shows it; empty = by API, or the only one.</param>
    /// <param name="apiId">The quota that counts on this API; empty = by scope, or the only one.</param>
    /// <param name="delta">Units.</param>
    /// <param name="cancellation">Given up before the write.</param>
    public async ValueTask<CounterReading> AdjustUsageAsync(
        string keyId, string scope, string apiId, long delta, CancellationToken cancellation)
    {
        if (scope.Length > 0 && apiId.Length > 0)
        {
            throw new AdministrationException("scope", "and api_id exclude each other: name one of them.");
        }

        var key = (await GetAsync(keyId, cancellation).ConfigureAwait(false)).Key;
        var grant = GrantOf(key);
        var quotas = ChargesOf(grant).Where(charge => charge.Quota is not null).ToArray();
        var chosen = apiId.Length > 0 ? grant.Find(apiId)?.Quota
            : scope.Length > 0 ? quotas.FirstOrDefault(charge => charge.Scope == scope)
            : quotas is [var only] ? only : null;
        if (chosen is null)
        {
            throw apiId.Length > 0
                ? new AdministrationException(AdministrationError.FailedPrecondition, $"The key has no quota on API {apiId}.")
                : quotas.Length == 0 || scope.Length > 0
                    ? new AdministrationException(AdministrationError.FailedPrecondition, NoSuchScope(quotas, scope).Message)
                    : NoSuchScope(quotas, scope);
        }

        return await _audit.RunAsync(
            KeyActs.OfAdjustment(key, chosen, delta, null),
            () => _counters.AdjustAsync(chosen, delta, CancellationToken.None),
            static _ => true,
            reading => KeyActs.OfAdjustment(key, chosen, delta, reading)).ConfigureAwait(false);
    }

    private ValueTask<IReadOnlyList<CounterReading>> ResetAsync(Key key, Charge[] chosen) => _audit.RunAsync(
        KeyActs.OfReset(key, chosen, []),
        () => _counters.ResetAsync(chosen, CancellationToken.None),
        static _ => true,
        readings => KeyActs.OfReset(key, chosen, readings));

    private static Charge[] ChargesOf(Grant grant) =>
    [
        .. grant.Apis.OrderBy(api => api.Key, StringComparer.Ordinal).Select(api => api.Value)
            .Concat(grant.AnyApi is { } any ? [any] : [])
            .SelectMany(right => right.EndpointRates.Prepend(right.Quota).Prepend(right.Rate))
            .OfType<Charge>()
            .DistinctBy(charge => charge.Counter),
    ];

    // Several APIs of one key are each asked for their own; the organisation's come once.
    private Charge[] SharedChargesOf(Grant grant)
    {
        var rules = _catalog.Rules;
        var organization = rules.Organizations.Find(grant.OrganizationId);
        return
        [
            .. new[] { organization?.Rate, organization?.Quota }
                .Concat(grant.Apis.Select(api => api.Key).Order(StringComparer.Ordinal).Select(id => rules.Apis.Find(id)?.Rate))
                .OfType<Charge>(),
        ];
    }

    private static AdministrationException NoSuchScope(IEnumerable<Charge> charges, string scope)
    {
        string scopes = string.Join(", ", charges.Select(charge => charge.Scope).Distinct(StringComparer.Ordinal));
        string there = scopes.Length == 0 ? "the key has no such limit." : $"the key counts on: {scopes}.";
        return new AdministrationException("scope", scope.Length == 0 ? $"say which one; {there}" : $"\"{scope}\" is not counted; {there}");
    }
}
