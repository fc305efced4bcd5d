using System.Diagnostics.Metrics;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Runtime.Metrics;
using Decision.Runtime.Tests.Observation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Tests.Metrics;

/// <summary>How many series there are does not depend on how many keys and APIs there are.</summary>
public sealed class BoundedMetricsTests : IDisposable
{
    private const int Keys = 1_000_000;
    private const int Apis = 10_000;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_million_keys_on_ten_thousand_APIs_make_no_more_series_than_the_settings_say()
    {
        using var metrics = Make(apis: 50);
        ApiEntry[] apis = [.. Enumerable.Range(0, Apis).Select(number => Observed.Api($"api-{number}"))];

        // Compiled grants are large: it is the key's id that could become a label, and it is another one at each decision.
        for (int number = 0; number < Keys; number++)
        {
            var reason = number % 3 == 0 ? Reason.RateLimited : Reason.Allowed;
            metrics.Record(Observed.Verdict(reason, api: apis[number % Apis]) with { Number = number, Origin = $"policy-{number}" }, TimeSpan.FromMicroseconds(1));
        }

        var series = Read();

        var byApi = series.Where(one => one.Name == DecisionMetrics.ApiDecisions).ToList();
        Assert.Equal(51, byApi.Select(one => one.Labels["api"]).Distinct().Count());
        Assert.InRange(byApi.Count, 52, DecisionMetrics.MostApiSeries(50));
        Assert.Equal(Keys, byApi.Sum(one => one.Value));
        Assert.InRange(series.Count, 1, 250);
        Assert.DoesNotContain(series.SelectMany(one => one.Labels.Values), value => value.StartsWith("policy-", StringComparison.Ordinal));
    }

    [Fact]
    public void Decisions_by_API_tell_registered_ones_with_reason_and_all_others_together()
    {
        using var metrics = Make(apis: 2);
        foreach (string? id in (string?[])["orders", "orders", "other", "billing", "third", null])
        {
            metrics.Record(Observed.Verdict(Reason.Allowed, api: id is null ? null : Observed.Api(id)), TimeSpan.Zero);
        }

        metrics.Record(Observed.Verdict(Reason.QuotaExceeded, api: Observed.Api("orders")), TimeSpan.Zero);

        Assert.Equal(
            ["billing ALLOWED true 1", "orders ALLOWED true 2", "orders QUOTA_EXCEEDED false 1", "other ALLOWED true 3"],
            Read().Where(one => one.Name == DecisionMetrics.ApiDecisions)
                .Select(one => $"{one.Labels["api"]} {one.Labels["reason"]} {one.Labels["allowed"]} {one.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_APIs_nothing_is_counted_by_them()
    {
        using var metrics = Make(apis: 0);

        metrics.Record(Observed.Verdict(Reason.Allowed, api: Observed.Api("orders")), TimeSpan.Zero);

        Assert.DoesNotContain(Read(), one => one.Name == DecisionMetrics.ApiDecisions);
    }

    private DecisionMetrics Make(int apis) =>
        new(_services.GetRequiredService<IMeterFactory>(), Options.Create(new RuntimeOptions { ApisInMetrics = apis }));

    private List<(string Name, Dictionary<string, string> Labels, long Value)> Read()
    {
        var series = new List<(string Name, Dictionary<string, string> Labels, long Value)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) =>
            series.Add((instrument.Name, labels.ToArray().ToDictionary(label => label.Key, label => (string)label.Value!), value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return series;
    }
}
