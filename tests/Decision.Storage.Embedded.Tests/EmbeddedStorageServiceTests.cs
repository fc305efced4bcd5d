using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

public sealed class EmbeddedStorageServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_service_opens_at_the_start_and_saves_everything_at_the_end()
    {
        Charge brief = Rate(Key("k1"), "rate", 5, seconds: 1);
        Charge quota = Quota(Key("k1"), "quota", 5);
        await using (ServiceProvider first = Services())
        {
            await StartAsync(first);
            await first.GetRequiredService<ICounterStore>().SpendAsync(Spend(brief, quota), CancellationToken.None);
            Assert.Null(await Assert.Single(first.GetServices<IStoreHealth>()).CheckAsync(CancellationToken.None));
            await StopAsync(first);
            Assert.NotNull(await Assert.Single(first.GetServices<IStoreHealth>()).CheckAsync(CancellationToken.None));
        }

        await using ServiceProvider second = Services();
        await StartAsync(second);

        IReadOnlyList<CounterReading> readings = await second.GetRequiredService<ICounterStore>().ReadAsync([brief, quota], CancellationToken.None);

        Assert.Equal([1L, 1], readings.Select(reading => reading.Used));
        await StopAsync(second);
    }

    [Fact]
    public async Task In_a_host_other_parts_can_count_from_their_start_to_their_stop()
    {
        Charge quota = Quota(Key("k1"), "quota", 5);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHostedService(services => new Part(services.GetRequiredService<ICounterStore>(), quota));
        builder.Services.AddEmbeddedStorage(options => options.Path = _folder.Database);
        using (IHost host = builder.Build())
        {
            await host.StartAsync(CancellationToken.None);
            await host.StopAsync(CancellationToken.None);
        }

        using EmbeddedStore after = new(_folder.Database, _time);

        Assert.Equal(2, (await after.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task A_host_that_fails_to_start_gives_the_database_back()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddEmbeddedStorage(options => options.Path = _folder.Database);
        builder.Services.AddHostedService(_ => new FailingPart());
        using (IHost host = builder.Build())
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(CancellationToken.None));
        }

        using EmbeddedStore after = new(_folder.Database, _time);

        Assert.Equal(0, await after.Keys.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    [Fact]
    public async Task The_service_saves_at_each_interval()
    {
        await using ServiceProvider services = Services();
        await StartAsync(services);
        SqliteDatabase database = services.GetRequiredService<SqliteDatabase>();
        await services.GetRequiredService<ICounterStore>().SpendAsync(Spend(Quota(Key("k1"), "quota", 5)), CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(SpinWait.SpinUntil(
            () => (long)database.Read(session => session.Scalar("SELECT COUNT(*) FROM counter_log"))! == 1, TimeSpan.FromSeconds(30)));
        await StopAsync(services);
    }

    [Fact]
    public async Task The_service_fails_the_start_where_the_database_cannot_be_used()
    {
        File.WriteAllText(_folder.Database, "no database");
        await using ServiceProvider services = Services();

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => StartAsync(services));

        Assert.Contains(_folder.Database, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 600, "SaveInterval must be between 10 ms and 1 minute")]
    [InlineData(61, 600, "SaveInterval must be between 10 ms and 1 minute")]
    [InlineData(1, 0, "IdleQuota must be between 1 second and 1 day")]
    public async Task Options_out_of_their_range_are_refused(double saveSeconds, double idleSeconds, string sentence)
    {
        await using ServiceProvider services = Services(options =>
        {
            options.SaveInterval = TimeSpan.FromSeconds(saveSeconds);
            options.IdleQuota = TimeSpan.FromSeconds(idleSeconds);
        });

        OptionsValidationException error = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(IServiceProvider services)
    {
        EmbeddedStorageService service = Assert.IsType<EmbeddedStorageService>(Assert.Single(services.GetServices<IHostedService>()));
        await service.StartingAsync(CancellationToken.None);
        await service.StartAsync(CancellationToken.None);
        await service.StartedAsync(CancellationToken.None);
    }

    private static async Task StopAsync(IServiceProvider services)
    {
        EmbeddedStorageService service = Assert.IsType<EmbeddedStorageService>(Assert.Single(services.GetServices<IHostedService>()));
        await service.StoppingAsync(CancellationToken.None);
        await service.StopAsync(CancellationToken.None);
        await service.StoppedAsync(CancellationToken.None);
    }

    private ServiceProvider Services(Action<EmbeddedStorageOptions>? configure = null) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_time)
            .AddEmbeddedStorage(options =>
            {
                options.Path = _folder.Database;
                configure?.Invoke(options);
            })
            .BuildServiceProvider();

    private sealed class Part(ICounterStore counters, Charge quota) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) => await counters.SpendAsync(Spend(quota), cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken) => await counters.SpendAsync(Spend(quota), cancellationToken);
    }

    private sealed class FailingPart : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("no port");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
