using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Server.Tests.Grpc;

/// <summary>Counters that answer a spending only when they are told to: by its cost, which names it.</summary>
internal sealed class GatedCounters : ICounterStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, TaskCompletionSource> _gates = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _awaited = [];
    private int _waiting;

    /// <summary>The real ones.</summary>
    public ICounterStore Inner { get; set; } = null!;

    /// <summary>How many waited at a time at most.</summary>
    public int Peak { get; private set; }

    public bool ComparesKeys => false;

    /// <summary>Completes when so many spendings were asked for and wait.</summary>
    public Task WaitingAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((count, reached));
            Tell();
            return reached.Task;
        }
    }

    /// <summary>Lets the spending of this cost go on, whether it was asked for yet or not.</summary>
    public void Release(long cost) => GateOf(cost).TrySetResult();

    public async ValueTask<SpendResult> SpendAsync(Spending spending, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Peak = Math.Max(Peak, ++_waiting);
            Tell();
        }

        await GateOf(spending.Cost).Task;
        lock (_lock)
        {
            _waiting--;
        }

        return await Inner.SpendAsync(in spending, cancellation);
    }

    ValueTask<SpendResult> ICounterStore.SpendAsync(in Spending spending, CancellationToken cancellation) => SpendAsync(spending, cancellation);

    public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) => Inner.ReadAsync(charges, cancellation);

    public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) => Inner.ResetAsync(charges, cancellation);

    public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) => Inner.AdjustAsync(quota, delta, cancellation);

    public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => Inner.DeleteSubjectAsync(subject, cancellation);

    private TaskCompletionSource GateOf(long cost)
    {
        lock (_lock)
        {
            return _gates.TryGetValue(cost, out var gate)
                ? gate
                : _gates[cost] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Tell()
    {
        foreach (var (count, reached) in _awaited)
        {
            if (_waiting >= count)
            {
                reached.TrySetResult();
            }
        }
    }
}
