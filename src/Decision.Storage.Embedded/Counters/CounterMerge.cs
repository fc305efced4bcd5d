using Decision.Engine.Charges;

namespace Decision.Storage.Embedded.Counters;

/// <summary>One generation of the log on its way into the table, some at a time. Everything here belongs to the keeper's turn.</summary>
internal sealed class CounterMerge
{
    /// <summary>About as long as it takes until another generation is carried over.</summary>
    private const long SoonUs = 120_000_000;

    private readonly SubjectCounters[] _subjects;
    private readonly int _generation;

    /// <summary>Begins with it.</summary>
    /// <param name="subjects">All subjects in memory: what the log has is there.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="lastChunk">Its last chunk in the log.</param>
    public CounterMerge(IEnumerable<SubjectCounters> subjects, int generation, long lastChunk)
    {
        _generation = generation;
        LastChunk = lastChunk;
        _subjects = [.. subjects.Where(subject => subject.LoggedIn == generation)];

        // Neighbours in the table share pages, and each page is then written once. The beginnings of the names are enough for that.
        ulong[] order = Array.ConvertAll(_subjects, static subject => Order(subject.Subject));
        Array.Sort(order, _subjects);
    }

    /// <summary>The generation.</summary>
    public int Generation => _generation;

    /// <summary>The last chunk of the generation in the log.</summary>
    public long LastChunk { get; }

    /// <summary>Subjects that it began with.</summary>
    public int Count => _subjects.Length;

    /// <summary>Subjects that are done.</summary>
    public int Done { get; private set; }

    /// <summary>Writes some into the table, in one transaction. A failure leaves them for the next time.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="store">Where what stays in the log is listed for the next save; the generation may leave the log only after that.</param>
    /// <param name="isWhole">Whether nothing may stay in the log.</param>
    public void WriteSome(CounterRows rows, EmbeddedCounterStore store, bool isWhole)
    {
        int at = Done;
        long nowUs = store.NowUs;
        for (bool isDue = false; !isDue && at < _subjects.Length; at++)
        {
            lock (_subjects[at])
            {
                if (!isWhole && KeepInLog(_subjects[at], nowUs))
                {
                    store.List(_subjects[at]);
                }

                isDue = rows.Take(_subjects[at], _generation, withChanged: isWhole);
            }
        }

        rows.Flush();
        Array.Clear(_subjects, Done, at - Done);
        Done = at;
    }

    /// <summary>
    /// A rate is in memory as long as it counts, so the table has no use for one that soon does not: until then it is logged again, which
    /// costs less. One that does not count any more is let go of; an older state of it only refuses more.
    /// </summary>
    /// <returns>Whether there is something to log again.</returns>
    private bool KeepInLog(SubjectCounters subject, long nowUs)
    {
        bool isKept = false;
        foreach (Counter counter in subject.Counters)
        {
            if (counter.LoggedIn != _generation || counter.IsQuota || counter.IsEmpty || counter.IdleAtUs is not { } idle || idle - nowUs > SoonUs)
            {
                continue;
            }

            if (idle <= nowUs)
            {
                counter.LoggedIn = 0;
            }
            else
            {
                counter.IsChanged = isKept = true;
            }
        }

        return isKept;
    }

    private static ulong Order(Subject subject)
    {
        ulong order = (byte)subject.Kind;
        for (int i = 0; i < 7; i++)
        {
            order = (order << 8) | (i < subject.Id.Length ? (byte)subject.Id[i] : 0UL);
        }

        return order;
    }
}
