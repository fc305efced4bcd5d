using System.Diagnostics.Metrics;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>Names of their own on a real Redis whose scripts go by the same clock as the replicas.</summary>
internal sealed class LeasedStore : IAsyncDisposable
{
    /// <summary>What passes between two requests of <see cref="RunAsync"/>.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly List<Replica> _replicas = [];

    private LeasedStore(RedisStore store, FakeTimeProvider time) => (Redis, Time) = (store, time);

    public RedisStore Redis { get; }

    public FakeTimeProvider Time { get; }

    public long NowUs => (Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public ICounterStore Exact => Redis.Get<ICounterStore>();

    public ILeaseStore Grants => Redis.Get<ILeaseStore>();

    public IDatabase Database => Redis.Connection.Database;

    public static async Task<LeasedStore> OpenAsync(string address)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero));
        LeasedStore? opened = null;
        string prefix = SharedRedis.NewPrefix();
        RedisStore store = await RedisStore.OpenAsync(
            address,
            options => (options.Prefix, options.Timeout) = (prefix, TimeSpan.FromSeconds(10)),
            services => services.AddSingleton(new ScriptClock(() => opened?.NowUs ?? 0)));
        return opened = new LeasedStore(store, time);
    }

    public static Subject NewSubject() => new(SubjectKind.Descriptor, Guid.NewGuid().ToString("N"));

    /// <summary>
    /// A subject whose hash has a record, so that it does not expire: Redis expires by its own clock, which a long run on the test's outlasts.
    /// </summary>
    public async Task<Subject> NewKeyAsync()
    {
        Subject subject = TestKit.TestCharges.Key(Guid.NewGuid().ToString("N"));
        await Database.HashSetAsync(Redis.Get<RedisKeys>().OfSubject(subject), "v", "12345678");
        return subject;
    }

    public static Charge Rate(long max, double seconds, RateAlgorithm algorithm = RateAlgorithm.SlidingLog, Subject? subject = null) =>
        Leased(TestKit.TestCharges.Rate(subject ?? NewSubject(), "rate", max, seconds, algorithm));

    public static Charge Quota(long max, long seconds, Subject? subject = null) => Leased(TestKit.TestCharges.Quota(subject ?? NewSubject(), "quota", max, seconds));

    public static Charge Leased(Charge charge) => charge.Rate is { } rate
        ? new Charge(charge.Counter, rate, charge.Refusal, charge.Scope, charge.Origin) { Mode = LimitsMode.Leased }
        : new Charge(charge.Counter, charge.Quota!, charge.Refusal, charge.Scope, charge.Origin) { Mode = LimitsMode.Leased };

    public Replica Start(ILeaseStore? grants = null)
    {
        Replica replica = new(Redis, Time, Redis.Get<IMeterFactory>(), grants);
        _replicas.Add(replica);
        return replica;
    }

    /// <summary>Lets time pass, in steps so small that replicas look after their leases as they would, and what they ask meanwhile be answered.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await AnsweredAsync();
        for (TimeSpan left = time; left > TimeSpan.Zero; left -= Tick)
        {
            Time.Advance(left < Tick ? left : Tick);
            await AnsweredAsync();
        }
    }

    /// <summary>Requests, a <see cref="Step"/> apart; how many of them were decided on leases.</summary>
    public async Task<int> RunAsync(Replica replica, Charge charge, int requests)
    {
        int leased = 0;
        for (int i = 0; i < requests; i++)
        {
            leased += (await replica.SpendAsync(charge)).IsLeased ? 1 : 0;
            await PassAsync(Step);
        }

        return leased;
    }

    private async Task AnsweredAsync()
    {
        foreach (Replica replica in _replicas)
        {
            await replica.Store.AnsweredAsync();
        }
    }

    /// <summary>What a decision that only asks would be told.</summary>
    public async Task<LimitTest> PeekAsync(Charge charge) =>
        (await Exact.SpendAsync(TestKit.TestCharges.Spend(charge) with { IsPeek = true }, CancellationToken.None)).Outcomes[0];

    public async ValueTask DisposeAsync()
    {
        foreach (Replica replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await Redis.DisposeAsync();
    }
}
