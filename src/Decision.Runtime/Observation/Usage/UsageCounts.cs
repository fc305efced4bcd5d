using Decision.Engine;
using Decision.Runtime.Decisions;

namespace Decision.Runtime.Observation.Usage;

/// <summary>
/// Counts allowed and refused requests by key, policy and API in memory, a part for each processor, until they are taken to the store. A request
/// counts for its key, for each policy of the key that is in force, and for its API where that is registered or the key has a right on it.
/// </summary>
internal sealed class UsageCounts(UsageMetrics metrics)
{
    /// <summary>Keys and APIs, together, that a part has room for until they are taken.</summary>
    public const int MostPlaces = 50_000;

    private readonly UsageShard[] _shards = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new UsageShard(MostPlaces))];

    /// <summary>Counts one decision.</summary>
    public void Count(in DecisionCall call, in Verdict verdict)
    {
        // What a caller names without its being registered is no API: anybody could fill the store with it.
        string apiId = verdict.Api is not null || verdict.ApiGrant is not null ? ObservedApi.Of(in call, in verdict) : "";
        if (verdict.Grant is null && apiId.Length == 0)
        {
            return;
        }

        var shard = _shards[(uint)Thread.GetCurrentProcessorId() % (uint)_shards.Length];
        lock (shard.Gate)
        {
            if (shard.Count(verdict.Grant, apiId, verdict.IsAllowed))
            {
                return;
            }
        }

        metrics.Uncounted(1);
    }

    /// <summary>Takes what was counted since the last time.</summary>
    /// <param name="hour">The hour that it was counted in.</param>
    public IReadOnlyList<UsageCount> Take(long hour)
    {
        var sums = new Dictionary<(UsageKind Kind, string Id), (long Allowed, long Refused)>();
        foreach (var shard in _shards)
        {
            shard.Take((place, cell) =>
            {
                Add(sums, UsageKind.Key, place.KeyId, cell);
                Add(sums, UsageKind.Api, place.ApiId, cell);
                foreach (var entry in cell.Policies)
                {
                    Add(sums, UsageKind.Policy, entry.Policy.Id, cell);
                }
            });
        }

        return [.. sums.Select(sum => new UsageCount(sum.Key.Kind, sum.Key.Id, hour, sum.Value.Allowed, sum.Value.Refused))];
    }

    private static void Add(Dictionary<(UsageKind Kind, string Id), (long Allowed, long Refused)> sums, UsageKind kind, string id, UsageShard.Cell cell)
    {
        if (id.Length > 0)
        {
            var known = sums.GetValueOrDefault((kind, id));
            sums[(kind, id)] = (known.Allowed + cell.Allowed, known.Refused + cell.Refused);
        }
    }
}
