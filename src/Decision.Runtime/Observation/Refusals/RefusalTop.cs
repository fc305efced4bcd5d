using Decision.Engine;
using Decision.Runtime.Decisions;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>
/// Who is refused most on this server, over the last five to ten minutes: a sketch of bounded size for each processor, so that a flood of refusals
/// does not make the cores wait for each other.
/// </summary>
public sealed class RefusalTop
{
    /// <summary>Names that each sketch keeps.</summary>
    public const int Capacity = 500;

    // Each has eight sketches.
    private const int MostWindows = 16;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly DateTimeOffset _started;
    private readonly RefusalWindow[] _windows =
        [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, MostWindows)).Select(_ => new RefusalWindow(Capacity))];

    /// <summary>Counts from now on.</summary>
    public RefusalTop(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _startedAt, _started) = (time, time.GetTimestamp(), time.GetUtcNow());
    }

    /// <summary>The most frequent of a kind.</summary>
    /// <param name="by">By what.</param>
    /// <param name="organizationId">Only of keys of this organisation, also the total; null = of all.</param>
    /// <param name="most">How many at most.</param>
    public RefusalReport Read(RefusedBy by, string? organizationId, int most)
    {
        long number = Number();
        var sums = new Dictionary<HeavyHitters.Refused, RefusedName>();
        long total = 0;
        foreach (var window in _windows)
        {
            lock (window.Gate)
            {
                window.GoTo(number);
                total += organizationId is null ? window.Total : window.TotalOf(organizationId);
                Add(sums, window.Of(by));
                Add(sums, window.Before(by));
            }
        }

        var since = _started + (Length * Math.Max(0, number - 1));
        return new RefusalReport(
            since,
            total,
            [
                .. sums.Values.Where(one => organizationId is null || one.OrganizationId == organizationId)
                    .OrderByDescending(one => one.Count).ThenBy(one => one.Name, StringComparer.Ordinal).Take(most),
            ]);
    }

    internal void Count(in DecisionCall call, in Verdict verdict)
    {
        long number = Number();
        string organizationId = verdict.Grant?.OrganizationId ?? "";
        var window = _windows[(uint)Thread.GetCurrentProcessorId() % (uint)_windows.Length];
        lock (window.Gate)
        {
            window.GoTo(number);
            window.CountTotal(organizationId, verdict.Reason);
            window.Of(RefusedBy.Key).Count(new(verdict.Grant?.KeyId ?? "", organizationId), verdict.Reason);
            window.Of(RefusedBy.Api).Count(new(ObservedApi.Of(in call, in verdict), organizationId), verdict.Reason);
            if (PolicyOf(in verdict) is { } policyId)
            {
                window.Of(RefusedBy.Policy).Count(new(policyId, organizationId), verdict.Reason);
            }
        }
    }

    // What decided is told by name; a policy's name is one of those that the key has.
    private static string? PolicyOf(in Verdict verdict) =>
        verdict.Grant?.Merged.Key.ApplyPolicies.Contains(verdict.Origin) == true ? verdict.Origin : null;

    private static void Add(Dictionary<HeavyHitters.Refused, RefusedName> sums, HeavyHitters sketch)
    {
        foreach (var entry in sketch.Entries)
        {
            sums[entry.Name] = sums.TryGetValue(entry.Name, out var known)
                ? known with { Count = known.Count + entry.Count, Error = known.Error + entry.Error, LastReason = entry.LastReason }
                : new RefusedName(entry.Name.Name, entry.Name.OrganizationId, entry.Count, entry.Error, entry.LastReason);
        }
    }

    private long Number() => _time.GetElapsedTime(_startedAt).Ticks / Length.Ticks;
}
