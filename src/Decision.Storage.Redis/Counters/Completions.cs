namespace Decision.Storage.Redis.Counters;

/// <summary>
/// Spendings that are completed and whose callers are still to go on. A work item for each of them would wake threads more often than the callers' work
/// is worth; one for all would leave other cores idle. So a few go on in one, after each other.
/// </summary>
internal struct Completions
{
    private const int InOne = 8;

    private Group? _last;

    public void Add(PendingSpending pending)
    {
        if (_last is { IsFull: true } full)
        {
            ThreadPool.UnsafeQueueUserWorkItem(full, preferLocal: false);
            _last = null;
        }

        (_last ??= new Group()).Add(pending);
    }

    /// <summary>Lets all go on; the last ones on this thread.</summary>
    public readonly void RunHere() => _last?.Execute();

    /// <summary>Lets all go on, none on this thread.</summary>
    public readonly void RunElsewhere()
    {
        if (_last is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_last, preferLocal: false);
        }
    }

    private sealed class Group : IThreadPoolWorkItem
    {
        private readonly PendingSpending?[] _pending = new PendingSpending?[InOne];
        private int _count;

        public bool IsFull => _count == InOne;

        public void Add(PendingSpending pending) => _pending[_count++] = pending;

        public void Execute()
        {
            for (int i = 0; i < _count; i++)
            {
                _pending[i]!.GoOn();
            }
        }
    }
}
