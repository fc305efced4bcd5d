using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.Storage.Redis.Trimming;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests.Trimming;

/// <summary>A store on names of its own and a clock that the test moves, with what its tests look at.</summary>
internal sealed class TrimmedStore : IAsyncDisposable
{
    public const long SecondUs = 1_000_000;
    public const long DayUs = 86_400 * SecondUs;

    private readonly RedisStore _store;

    private TrimmedStore(RedisStore store, Clock time) => (_store, Time) = (store, time);

    public Clock Time { get; }

    public ICounterStore Counters => Get<ICounterStore>();

    public IDatabase Database => _store.Connection.Database;

    public static async Task<TrimmedStore> OpenAsync(string address, Clock? time = null, string? prefix = null, Action<IServiceCollection>? replace = null)
    {
        time ??= new Clock();
        return new TrimmedStore(
            await RedisStore.OpenAsync(
                address,
                options => options.Prefix = prefix ?? SharedRedis.NewPrefix(),
                services =>
                {
                    services.AddSingleton(new ScriptClock(() => time.NowUs));
                    replace?.Invoke(services);
                }),
            time);
    }

    public T Get<T>()
        where T : notnull => _store.Get<T>();

    /// <summary>Looks at every counter; it is this store's turn.</summary>
    public async Task<TrimReport> SweepAsync() =>
        Assert.NotNull(await Get<CounterTrim>().SweepAsync(TestContext.Current.CancellationToken));

    public async Task<SpendResult> SpendAsync(Charge charge, long cost = 1) =>
        await Counters.SpendAsync(TestKit.TestCharges.Spend(charge) with { Cost = cost }, CancellationToken.None);

    /// <summary>Names of the fields of a subject's hash, in order.</summary>
    public async Task<string[]> FieldsAsync(Subject subject) =>
        [.. (await Database.HashKeysAsync(NameOf(subject))).Select(field => field.ToString()).Order(StringComparer.Ordinal)];

    public RedisKey NameOf(Subject subject) => Get<RedisKeys>().OfSubject(subject);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>The moment that scripts go by.</summary>
    internal sealed class Clock
    {
        /// <summary>A Monday's midnight in UTC, in microseconds since the Unix epoch.</summary>
        public long NowUs { get; set; } = 1_793_577_600 * SecondUs;
    }
}
