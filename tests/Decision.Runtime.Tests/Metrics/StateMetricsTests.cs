using System.Diagnostics.Metrics;
using Decision.Engine.Apis;
using Decision.Runtime.Administration;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Metrics;

public sealed class StateMetricsTests
{
    [Fact]
    public async Task What_is_in_force_and_in_memory_is_told()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        await runtime.Apis.CreateAsync(new Api { Id = "orders" }, CancellationToken.None);
        await runtime.AskAsync(key);
        await runtime.AskAsync(key);
        await runtime.AskAsync("nobody-has-this-key-of-24");
        await runtime.AskAsync("nobody-has-this-key-of-24");

        var told = Read(runtime);

        Assert.Equal((1, 1, 1), (told["decision.policies"], told["decision.apis"], told["decision.cached_keys"]));
        Assert.Equal(0, told["decision.catalog_unread"]);
        Assert.Equal((2, 2), (told["decision.key_lookups hit"], told["decision.key_lookups miss"]));
        Assert.Equal(CatalogRevision.Of(runtime.Catalog.Rules), told["decision.catalog_revision"]);
    }

    [Fact]
    public async Task Revision_is_the_same_for_the_same_contents_and_another_for_others()
    {
        await using TestRuntime one = await TestRuntime.StartAsync();
        await using TestRuntime other = await TestRuntime.StartAsync();
        await one.CreateAsync(Sample.Policy("gold", rate: 5));
        await one.CreateAsync(Sample.Policy("silver"));
        long before = Read(one)["decision.catalog_revision"];

        await other.CreateAsync(Sample.Policy("silver"));
        await other.CreateAsync(Sample.Policy("gold", rate: 4));
        long different = Read(other)["decision.catalog_revision"];
        await other.EditAsync("gold", policy => Sample.Policy("gold", rate: 5));
        long same = Read(other)["decision.catalog_revision"];

        Assert.NotEqual(before, different);
        Assert.Equal(before, same);
    }

    private static Dictionary<string, long> Read(TestRuntime runtime)
    {
        var told = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == runtime.Meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => told[Name(instrument, labels)] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => told[Name(instrument, labels)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        labels.Length == 0 ? instrument.Name : $"{instrument.Name} {labels[0].Value}";
}
