using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Tests.Observation;

/// <summary>A store that fails when it is told to, and tells what it was asked.</summary>
internal sealed class FailingUsageStore : IUsageStore
{
    private readonly HashSet<string> _claims = [];

    public bool IsFailing { get; set; }

    public IReadOnlyList<UsageCount> Stored { get; init; } = [];

    public List<string> Tried { get; } = [];

    public List<(string Name, IReadOnlyList<UsageCount> Counts)> Added { get; } = [];

    public ValueTask AddAsync(string batch, IReadOnlyList<UsageCount> counts, int days, int mostIds, CancellationToken cancellation)
    {
        Tried.Add(batch);
        ThrowIfFailing();
        Added.Add((batch, counts));
        return default;
    }

    public ValueTask<IReadOnlyList<UsageCount>> ReadAsync(UsageKind kind, string id, long first, long last, CancellationToken cancellation) =>
        new((IReadOnlyList<UsageCount>)[.. Stored.Where(count => count.Hour >= first && count.Hour <= last)]);

    public ValueTask<bool> ClaimAsync(string name, long endsAtUs, long toleranceUs, CancellationToken cancellation)
    {
        ThrowIfFailing();
        lock (_claims)
        {
            return new(_claims.Add($"{name} {endsAtUs / 10_000_000}"));
        }
    }

    private void ThrowIfFailing()
    {
        if (IsFailing)
        {
            throw new StoreException("The store fails, as the test wants it.");
        }
    }
}
