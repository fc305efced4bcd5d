using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Settings;

namespace Decision.Engine.Effects;

/// <summary>What differs between the rights of a key before and after, each API on its own and then those together that differ alike.</summary>
internal sealed class RightComparison
{
    private const int LongestText = 160;
    private static readonly RateSettings NoRate = new(-1, 0);
    private static readonly QuotaSettings NoQuota = new(-1, 0);

    private readonly List<KeyEffect> _effects = [];

    // By what differs, without the API: where.
    private readonly Dictionary<KeyEffect, List<string>> _places = [];
    private int _kept;

    private RightComparison()
    {
    }

    public static ImmutableArray<KeyEffect> Between(MergedRights before, MergedRights after)
    {
        if (ReferenceEquals(before, after))
        {
            return [];
        }

        var comparison = new RightComparison();
        foreach (string api in before.Rights.Keys.Union(after.Rights.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            comparison.Compare(api, before.Rights.GetValueOrDefault(api) ?? before.AnyApi, after.Rights.GetValueOrDefault(api) ?? after.AnyApi);
        }

        comparison.Compare(KeyEffect.OtherApis, before.AnyApi, after.AnyApi);
        return comparison.Together();
    }

    private void Compare(string api, MergedRight? before, MergedRight? after)
    {
        if (before is null || after is null)
        {
            if (before is not null)
            {
                _effects.Add(new KeyEffect(EffectKind.ApiLost, api, "", "", EffectDirection.Narrows));
            }
            else if (after is not null)
            {
                _effects.Add(new KeyEffect(EffectKind.ApiGained, api, "", "", EffectDirection.Widens));
            }

            return;
        }

        _kept++;
        if (!ReferenceEquals(before, after))
        {
            CompareLimits(api, before.Limits, after.Limits);
            CompareAccess(api, before, after);
        }
    }

    private void CompareLimits(string api, MergedLimits before, MergedLimits after)
    {
        Add(
            EffectKind.Rate, api, EffectText.OfRate(before.Rate?.Value), EffectText.OfRate(after.Rate?.Value),
            () => LimitMerge.CompareRates(after.Rate?.Value ?? NoRate, before.Rate?.Value ?? NoRate));
        Add(
            EffectKind.Quota, api, EffectText.OfQuota(before.Quota?.Value), EffectText.OfQuota(after.Quota?.Value),
            () => LimitMerge.CompareQuotas(after.Quota?.Value ?? NoQuota, before.Quota?.Value ?? NoQuota));
        if (before.Quota is { Value.Max: > 0 } old && after.Quota is { Value.Max: > 0 } next)
        {
            Add(EffectKind.QuotaCounter, api, old.Scope, next.Scope, static () => 0);
        }

        int depthBefore = before.MaxQueryDepth?.Value ?? 0;
        int depthAfter = after.MaxQueryDepth?.Value ?? 0;
        Add(
            EffectKind.QueryDepth, api, EffectText.OfDepth(depthBefore), EffectText.OfDepth(depthAfter),
            () => (depthAfter > 0 ? depthAfter : int.MaxValue).CompareTo(depthBefore > 0 ? depthBefore : int.MaxValue));
    }

    private void CompareAccess(string api, MergedRight before, MergedRight after)
    {
        AddSet(EffectKind.Versions, api, before.Access.Versions, after.Access.Versions, isAllWhereEmpty: false);
        AddSet(EffectKind.Paths, api, EffectText.OfPaths(before.Access.AllowedUrls), EffectText.OfPaths(after.Access.AllowedUrls), isAllWhereEmpty: true);
        AddSet(EffectKind.Addresses, api, before.AllowedIps, after.AllowedIps, isAllWhereEmpty: true);
        Add(EffectKind.EndpointRates, api, EffectText.OfEndpoints(before.Endpoints), EffectText.OfEndpoints(after.Endpoints), static () => 0);
        Add(EffectKind.LimitBehavior, api, EffectText.OfBehavior(before), EffectText.OfBehavior(after), static () => 0);
        if (EffectText.OfGraphql(before.Access) != EffectText.OfGraphql(after.Access))
        {
            Note(new KeyEffect(EffectKind.GraphqlRules, "", "", "", EffectDirection.Other), api);
        }
    }

    private void AddSet(EffectKind kind, string api, IEnumerable<string> before, IEnumerable<string> after, bool isAllWhereEmpty)
    {
        var old = new SortedSet<string>(before, StringComparer.Ordinal);
        var next = new SortedSet<string>(after, StringComparer.Ordinal);
        if (old.SetEquals(next))
        {
            return;
        }

        int order = isAllWhereEmpty && old.Count == 0 ? -1
            : isAllWhereEmpty && next.Count == 0 ? 1
            : next.IsSupersetOf(old) ? 1
            : next.IsSubsetOf(old) ? -1
            : 0;
        Note(new KeyEffect(kind, "", Join(old), Join(next), DirectionOf(order)), api);

        string Join(SortedSet<string> all) => all.Count > 0 ? Short(string.Join(", ", all)) : isAllWhereEmpty ? "any" : "none";
    }

    // order: greater than 0 = more permissive.
    private void Add(EffectKind kind, string api, string before, string after, Func<int> order)
    {
        if (before != after)
        {
            Note(new KeyEffect(kind, "", Short(before), Short(after), DirectionOf(order())), api);
        }
    }

    private void Note(KeyEffect effect, string api)
    {
        if (!_places.TryGetValue(effect, out var places))
        {
            _places.Add(effect, places = []);
        }

        places.Add(api);
    }

    private ImmutableArray<KeyEffect> Together()
    {
        foreach (var (effect, places) in _places)
        {
            if (places.Count == _kept && _kept > 1)
            {
                _effects.Add(effect with { ApiId = KeyEffect.AllApis });
            }
            else
            {
                _effects.AddRange(places.Select(api => effect with { ApiId = api }));
            }
        }

        return [.. _effects];
    }

    private static EffectDirection DirectionOf(int order) =>
        order > 0 ? EffectDirection.Widens : order < 0 ? EffectDirection.Narrows : EffectDirection.Other;

    private static string Short(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - 3), "...");
}
