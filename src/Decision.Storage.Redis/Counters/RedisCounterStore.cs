using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;

namespace Decision.Storage.Redis.Counters;

/// <summary>Counters in Redis: exact for any number of replicas.</summary>
/// <remarks>
/// A decision is one call of a script that compares the key's version, tests every charge and spends all or nothing. Only on a cluster, and
/// only where the subjects lie in several slots, it is one call for each slot (<see cref="SlotSpender"/>).
/// </remarks>
internal sealed class RedisCounterStore(
    RedisConnection connection, SpendQueue queue, SlotSpender slots, UsageScripts usage, RedisKeys names) : ICounterStore
{
    /// <inheritdoc />
    public bool ComparesKeys => true;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The cost is below 1, or two charges name one counter.</exception>
    public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation)
    {
        spending.RejectMalformed();
        SpendingSubjects subjects = SpendingSubjects.Of(spending);
        if (subjects.Count == 0 && !SpendingWriter.IsNamed(spending))
        {
            return new ValueTask<SpendResult>(new SpendResult(SpendStatus.Done, default));
        }

        return connection.IsCluster
            ? slots.SpendAsync(spending, cancellation)
            : queue.SendAsync(spending, subjects, names, cancellation);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        RunAsync("read", charges, cancellation);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        RunAsync("reset", charges, cancellation);

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The charge is no quota.</exception>
    public async ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation)
    {
        if (quota.Quota is null)
        {
            throw new ArgumentException($"The counter {quota.Counter} is a rate; only a quota can be adjusted.", nameof(quota));
        }

        return (await usage.RunAsync("adjust", [quota], delta, cancellation).ConfigureAwait(false))[0];
    }

    /// <inheritdoc />
    public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => usage.ForgetAsync(subject, cancellation);

    private async ValueTask<IReadOnlyList<CounterReading>> RunAsync(string operation, IReadOnlyList<Charge> charges, CancellationToken cancellation)
    {
        var readings = new CounterReading[charges.Count];
        foreach (var group in Enumerable.Range(0, charges.Count).GroupBy(index => charges[index].Counter.Subject))
        {
            int[] indexes = [.. group];
            CounterReading[] found = await usage.RunAsync(operation, [.. indexes.Select(index => charges[index])], 0, cancellation).ConfigureAwait(false);
            for (int i = 0; i < indexes.Length; i++)
            {
                readings[indexes[i]] = found[i];
            }
        }

        return readings;
    }
}
