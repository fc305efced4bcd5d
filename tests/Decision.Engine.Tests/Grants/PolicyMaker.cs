using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Grants;

/// <summary>Makes policies and keys out of a seed. Values come from small sets, so that ties are common.</summary>
internal sealed class PolicyMaker(int seed)
{
    private static readonly string[] ApiIds = ["a", "b", "c"];
    private readonly Random _random = new(seed);

    /// <summary>True = every policy sets what it covers and restricts urls; then the more policies the more permissive.</summary>
    public bool IsComplete { get; init; }

    /// <summary>True = policies with single groups as well as whole ones; false = whole and per_api ones.</summary>
    public bool IsPartitioned { get; init; }

    public ImmutableArray<PolicyEntry> Policies(int most) =>
        [.. Enumerable.Range(0, _random.Next(1, most + 1)).Select(index => new PolicyEntry(Policy("p" + index), 1, "store"))];

    public Policy Policy(string id)
    {
        var partitions = Partitions();
        return new Policy
        {
            Id = id,
            Limits = Limits(IsComplete),
            Partitions = partitions,
            AccessRights = Rights(least: IsComplete || _random.Next(5) > 0 ? 1 : 0, partitions.PerApi),
            Tags = [.. Some("x", "y", "z")],
            AllowedIps = IsComplete ? [] : [.. Some("10.0.0.1", "10.0.0.2")],
            IsInactive = !IsComplete && _random.Next(8) == 0,
            HmacEnabled = _random.Next(8) == 0,
            Behavior = new LimitBehavior(Maybe<StoreFailureMode>(), Maybe<StoreFailureMode>(), Maybe<StoreFailureMode>(), Maybe<LimitsMode>(), Maybe<Enforcement>()),
            KeyExpiresIn = _random.Next(3) == 0 ? _random.Next(1, 4) : 0,
        };
    }

    public Key Key(IEnumerable<string> policies) => new()
    {
        Id = "k",
        ApplyPolicies = [.. policies],
        Limits = Limits(isComplete: false),
        AccessRights = Rights(0, withLimits: true),
        Tags = [.. Some("x", "own")],
    };

    public ImmutableArray<T> Shuffle<T>(ImmutableArray<T> items)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return [.. shuffled];
    }

    public RateSettings Rate() => _random.Next(6) == 0
        ? new RateSettings(-1, 0)
        : new RateSettings(Pick(1, 2, 5, 10, 0.5, 2.5), Pick(0.5, 1, 2, 30, 60), _random.Next(2) == 0 ? null : RateAlgorithm.TokenBucket, _random.Next(3));

    public QuotaSettings Quota() => _random.Next(6) == 0
        ? new QuotaSettings(-1, 0)
        : new QuotaSettings(Pick(1, 10, 100), Pick(0, 60, 3600, 86_400), Maybe<QuotaPeriod>(), Pick("", "Europe/Berlin"));

    public int Below(int most) => _random.Next(most);

    private LimitSettings Limits(bool isComplete) => new()
    {
        Rate = isComplete || _random.Next(3) > 0 ? Rate() : default,
        Quota = isComplete || _random.Next(3) > 0 ? Quota() : QuotaSettings.None,
        MaxQueryDepth = isComplete ? Pick(-1, 1, 5) : Pick(0, -1, 1, 5),
        ThrottleInterval = _random.Next(3),
        ThrottleRetryLimit = _random.Next(3),
    };

    private ImmutableSortedDictionary<string, AccessRight> Rights(int least, bool withLimits)
    {
        var apis = Some(ApiIds).ToList();
        if (apis.Count < least)
        {
            apis.Add(Pick(ApiIds));
        }

        return apis.ToImmutableSortedDictionary(api => api, _ => Right(withLimits), StringComparer.Ordinal);
    }

    private AccessRight Right(bool withLimits) => new()
    {
        Versions = [.. Some("v1", "v2", "v3")],
        AllowedUrls = [.. Some("/x", "/y").DefaultIfEmpty(IsComplete ? "/z" : null).OfType<string>().Select(url => new AllowedUrl(url, [.. Some("GET", "POST")]))],
        RestrictedTypes = [.. Some("T", "U").Select(name => new GraphType(name, [.. Some("f", "g")]))],
        DisableIntrospection = _random.Next(4) == 0,
        Limit = withLimits && _random.Next(2) == 0 ? Limits(isComplete: false) : null,
        Endpoints = IsComplete ? [] : [.. Some("/x", "/y").Select(path => new EndpointRight(path, [new EndpointMethod(Pick("GET", "post"), Rate())]))],
    };

    private Partitions Partitions() => !IsPartitioned
        ? new Partitions(false, false, false, false, PerApi: _random.Next(3) == 0)
        : _random.Next(2) == 0 ? default
        : new Partitions(_random.Next(2) == 0, _random.Next(2) == 0, _random.Next(2) == 0, _random.Next(2) == 0, false);

    private string[] Some(params string[] items) => items.Where(_ => _random.Next(2) == 0).ToArray();

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private T? Maybe<T>()
        where T : struct, Enum =>
        _random.Next(2) == 0 ? null : Pick(Enum.GetValues<T>());
}
