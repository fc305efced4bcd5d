using Decision.Engine.Charges;

namespace Decision.Storage.Embedded.Counters;

/// <summary>The counters of one subject. The object is their lock; everything but <see cref="Subject"/> and <see cref="Sequence"/> belongs to it.</summary>
internal sealed class SubjectCounters(Subject subject, long sequence)
{
    private const int IndexedFrom = 16;
    private Counter[] _counters = [];
    private Dictionary<CounterKey, Counter>? _index;

    public Subject Subject { get; } = subject;

    /// <summary>Never given twice. Who locks several subjects locks them in this order, so that no two wait for each other.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>True once it has left the store: whoever waited for the lock must fetch the subject again.</summary>
    public bool IsGone { get; set; }

    /// <summary>True once what the disk has of it is in memory.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>True while it waits in the list of subjects to save.</summary>
    public bool IsListed { get; set; }

    /// <summary>The newest generation of the log that has something of it; 0 = none since it is in memory. Belongs to the keeper's turn.</summary>
    public int LoggedIn { get; set; }

    /// <summary>The next one in that list.</summary>
    public SubjectCounters? NextListed { get; set; }

    public int Count { get; private set; }

    public ReadOnlySpan<Counter> Counters => _counters.AsSpan(0, Count);

    public Counter? Find(CounterKey key)
    {
        if (_index is not null)
        {
            return _index.GetValueOrDefault(key);
        }

        foreach (Counter counter in Counters)
        {
            if (counter.Key.Equals(key))
            {
                return counter;
            }
        }

        return null;
    }

    public Counter Add(CounterKey key) => Add(new Counter(key));

    public Counter Add(Counter counter)
    {
        if (Count == _counters.Length)
        {
            Array.Resize(ref _counters, Count == 0 ? 2 : Count * 2);
        }

        _counters[Count++] = counter;
        if (_index is not null)
        {
            _index.Add(counter.Key, counter);
        }
        else if (Count == IndexedFrom)
        {
            _index = Counters.ToArray().ToDictionary(each => each.Key);
        }

        return counter;
    }

    /// <summary>Removes the counters that no longer count; the others stay.</summary>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <param name="areKept">
    /// True where the disk keeps counters: one that was cleared, and a quota, then stay until the table knows, because an older state there
    /// would come back. An older state of a rate only refuses more.
    /// </param>
    public void RemoveIdle(long nowUs, bool areKept)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            Counter counter = _counters[i];
            bool mustBeSaved = areKept && (counter.IsChanged || counter.LoggedIn != 0) && (counter.IsQuota || counter.IsEmpty);
            if (!mustBeSaved && counter.IdleAtUs is { } idle && idle <= nowUs)
            {
                _index?.Remove(counter.Key);
            }
            else
            {
                _counters[kept++] = counter;
            }
        }

        Truncate(kept);
    }

    public void Clear() => Truncate(0);

    private void Truncate(int count)
    {
        Array.Clear(_counters, count, Count - count);
        Count = count;
        if (count == 0)
        {
            _counters = [];
            _index = null;
        }
    }
}
