using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Decision.Engine;

namespace Decision.Runtime.Metrics;

/// <summary>
/// Decisions by API and reason. The first registered APIs that are asked for have a row each, up to a number; all others, and what callers name
/// without its being registered, are counted together.
/// </summary>
/// <param name="most">How many APIs have a row.</param>
internal sealed class ApiCounts(int most)
{
    /// <summary>The label of all APIs without a row.</summary>
    public const string Other = "other";

    private static readonly Reason[] Reasons = Enum.GetValues<Reason>();

    private readonly ConcurrentDictionary<string, ProcessorRows> _apis = new(StringComparer.Ordinal);
    private readonly ProcessorRows _others = new(Reasons.Length);
    private readonly Lock _adding = new();

    /// <summary>Series at most.</summary>
    public static int MostSeries(int most) => (most + 1) * Reasons.Length;

    /// <summary>Counts a decision.</summary>
    /// <param name="apiId">A registered API; null = none.</param>
    /// <param name="reason">Why it is what it is.</param>
    public void Count(string? apiId, Reason reason)
    {
        var row = apiId is null ? _others : _apis.TryGetValue(apiId, out var known) ? known : RowOf(apiId);
        row.Count((int)reason);
    }

    /// <summary>What was counted so far, where anything was.</summary>
    public IEnumerable<Measurement<long>> Observe() =>
        from api in _apis.Append(KeyValuePair.Create(Other, _others))
        from reason in Reasons
        let count = api.Value.Sum((int)reason)
        where count > 0
        select new Measurement<long>(
            count,
            new KeyValuePair<string, object?>("api", api.Key),
            new KeyValuePair<string, object?>("reason", reason.ToName()),
            new KeyValuePair<string, object?>("allowed", reason == Reason.Allowed ? "true" : "false"));

    private ProcessorRows RowOf(string apiId)
    {
        // An API of that very name would be two series of the same labels.
        if (_apis.Count >= most || apiId == Other)
        {
            return _others;
        }

        lock (_adding)
        {
            return _apis.Count >= most ? _others : _apis.GetOrAdd(apiId, _ => new ProcessorRows(Reasons.Length));
        }
    }
}
