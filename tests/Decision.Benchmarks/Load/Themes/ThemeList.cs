using Decision.Benchmarks.Load.Driving;
using static Decision.Benchmarks.Load.Servers.ServerNames;

namespace Decision.Benchmarks.Load.Themes;

/// <summary>All themes; the first is the one that is measured where none is named.</summary>
internal static class ThemeList
{
    private const int FewKeys = 1_000, ManyKeys = 1_000_000, ManyKeysQuick = 20_000;

    private static readonly Calls One = new(1, 1, 4_000), Eight = new(2, 4, 12_000), Base = new(4, 8, 20_000), Many = new(8, 16, 24_000), Most = new(16, 32, 24_000);

    public static IReadOnlyList<string> Names { get; } = ["calls", "ways", "shapes", "keys", "policies", "replicas", "latency", "observed"];

    /// <summary>A theme.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="isQuick">Fewer keys.</param>
    public static Theme Of(string name, bool isQuick) => name switch
    {
        "calls" => AtOnce,
        "ways" => WaysIn,
        "shapes" => Shapes,
        "keys" => Keys(isQuick ? ManyKeysQuick : ManyKeys),
        "policies" => Policies,
        "replicas" => Replicas,
        "latency" => AtHalf,
        "observed" => WithObservation,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No theme has this name."),
    };

    private static Way Empty => new(Bare, Bare) { IsAllowed = null };

    private static Way On(string server) => new(server, server);

    // How many calls at once.
    private static Theme AtOnce => new("calls")
    {
        Servers = [Bare, Embedded, Redis, Leased],
        Ways = [Empty, On(Embedded), On(Redis), On(Leased)],
        Calls = [One, Eight, Base, Many, Most],
        TellsRoundTrip = true,
    };

    // The other ways in, beside Authorize. HTTP/1.1 has one call at a time on a connection; empty_http is what an empty answer over it costs.
    private static Theme WaysIn => new("ways")
    {
        Servers = [Embedded],
        Ways =
        [
            new("authorize", Embedded),
            new("ext_authz", Embedded) { Path = "envoy.service.auth.v3.Authorization/Check", Messages = LoadMessages.ExtAuthz },
            new("rate_limit", Embedded) { Path = "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", Messages = LoadMessages.RateLimits },
            new("authorize_apart", Embedded) { IsApart = true },
            new("forward_auth", Embedded) { Path = "forward-auth/api-0", HttpArguments = world => world.ForwardAuth, IsApart = true },
            new("empty_http", Embedded) { Path = "healthz/live", HttpArguments = _ => ["--h1"], IsApart = true, IsAllowed = null },
        ],
        Calls = [One, Base with { PerSecond = 15_000 }, Many with { PerSecond = 20_000 }],
    };

    // Batches, streams and refusals.
    private static Theme Shapes => new("shapes")
    {
        Servers = [Bare, Embedded, Redis],
        Ways =
        [
            Empty,
            new("authorize", Embedded),
            new Way("refused", Embedded).Refused(),
            new Way("batch_1", Embedded).InBatches(1),
            new Way("batch_10", Embedded).InBatches(10),
            new Way("batch_100", Embedded).InBatches(100),
            new Way("stream_100", Embedded).OnStream(100),
            On(Redis),
            new Way("redis_refused", Redis).Refused(),
            new Way("redis_batch_100", Redis).InBatches(100),
            new Way("redis_stream_100", Redis).OnStream(100),
        ],
        Calls = [Base with { PerSecond = 10_000 }, Many with { PerSecond = 12_000 }],
    };

    // How many keys. By the driver of our own, the empty call too; that one also by h2load, to compare the drivers.
    private static Theme Keys(int many) => new("keys")
    {
        Servers = [Bare, Embedded, Redis],
        Ways =
        [
            Empty with { Keys = new KeyChoice(1, KeyChoiceKind.Each) },
            Empty with { Name = "bare, by h2load" },
            .. OfKeys(Embedded, many),
            .. OfKeys(Redis, many),
        ],
        Calls = [Base],
        NumberedKeys = many,
    };

    private static IEnumerable<Way> OfKeys(string server, int many) =>
    [
        new($"{server}, 1 key", server) { Keys = new KeyChoice(1, KeyChoiceKind.Each) },
        new($"{server}, {FewKeys:N0} keys, uniform", server) { Keys = new KeyChoice(FewKeys, KeyChoiceKind.Uniform) },
        new($"{server}, {FewKeys:N0} keys, Zipf", server) { Keys = new KeyChoice(FewKeys, KeyChoiceKind.Zipf) },
        new($"{server}, {many:N0} keys, uniform", server) { Keys = new KeyChoice(many, KeyChoiceKind.Uniform) },
        new($"{server}, {many:N0} keys, Zipf", server) { Keys = new KeyChoice(many, KeyChoiceKind.Zipf) },
    ];

    // What a key's policies say.
    private static Theme Policies => new("policies")
    {
        Servers = [Bare, Embedded, Redis],
        Ways = [Empty, .. OfPolicies(Embedded), .. OfPolicies(Redis)],
        Calls = [Base],
    };

    private static IEnumerable<Way> OfPolicies(string server) =>
    [
        On(server),
        new($"{server}, 5 policies x 20 APIs", server) { Messages = LoadWorld.FivePolicies },
        new($"{server}, 1 allowed URL", server) { Messages = LoadWorld.OneUrl },
        new($"{server}, 50 allowed URLs", server) { Messages = LoadWorld.FiftyUrls },
    ];

    // How many replicas on one Redis, and one replica on a cluster. Many keys, since a cluster has one key on one master.
    private static Theme Replicas => new("replicas")
    {
        Servers = [Bare, .. ReplicaNames, Cluster],
        Ways =
        [
            Empty with { Keys = new KeyChoice(FewKeys, KeyChoiceKind.Uniform) },
            .. Enumerable.Range(1, ReplicaNames.Count).Select(count =>
                new Way(count == 1 ? "1 replica" : $"{count} replicas", [.. ReplicaNames.Take(count)]) { Keys = new KeyChoice(FewKeys, KeyChoiceKind.Uniform) }),
            On(Cluster) with { Name = "1 replica, Redis Cluster of 3", Keys = new KeyChoice(FewKeys, KeyChoiceKind.Uniform) },
        ],
        Calls = [Many],
        NumberedKeys = FewKeys,
    };

    // How long a call takes when nothing is at its limit.
    private static Theme AtHalf => new("latency")
    {
        Servers = [Bare, Embedded, Redis, Leased],
        Ways = [Empty, On(Embedded), On(Redis), On(Leased)],
        Calls = [Base],
        NumberedKeys = 1,
        IsAtHalf = true,
    };

    // What it costs to watch decisions: the first has everything off, those observed everything on.
    private static Theme WithObservation => new("observed")
    {
        Servers = [Unobserved, Embedded, Observed, Redis, RedisObserved],
        Ways =
        [
            On(Unobserved),
            On(Embedded),
            On(Observed),
            new Way("unobserved, refused", Unobserved).Refused(),
            new Way("observed, refused", Observed).Refused(),
            On(Redis),
            On(RedisObserved),
        ],
        Calls = [Base, Many],
    };
}
