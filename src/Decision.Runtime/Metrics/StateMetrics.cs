using System.Diagnostics.Metrics;
using Decision.Engine;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Keys;
using Microsoft.Extensions.Hosting;

namespace Decision.Runtime.Metrics;

/// <summary>What the server holds at the moment: the keys in memory, and the policies, APIs and organisations in force.</summary>
internal sealed class StateMetrics(IMeterFactory meters, KeyRecords keys, Catalog catalog) : IHostedService, IDisposable
{
    private readonly Meter _meter = meters.Create(DecisionMetrics.MeterName);
    private Fingerprinted? _last;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge("decision.cached_keys", () => keys.Count, "{key}", "Keys in memory, at most Cache:Keys.");
        _meter.CreateObservableGauge("decision.cached_unknown_keys", () => keys.UnknownCount, "{key}", "Texts and ids in memory that no key has.");
        _meter.CreateObservableGauge("decision.policies", () => catalog.Rules.Policies.Count, "{policy}", "Policies in force, those switched off included.");
        _meter.CreateObservableGauge("decision.apis", () => catalog.Rules.Apis.Count, "{api}", "APIs of the registry in force.");
        _meter.CreateObservableGauge(
            "decision.catalog_revision",
            Revision,
            description: "A number of the policies, APIs and organisations in force: the same on two replicas where these are the same.");
        _meter.CreateObservableGauge(
            "decision.catalog_unread", () => catalog.IsStoreUnread ? 1 : 0, description: "1 while the store's policies were not read even once.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private long Revision()
    {
        var rules = catalog.Rules;
        var last = _last;
        if (last is null || !ReferenceEquals(last.Rules, rules))
        {
            _last = last = new Fingerprinted(rules, CatalogRevision.Of(rules));
        }

        return last.Revision;
    }

    private sealed record Fingerprinted(RuleSet Rules, long Revision);
}
