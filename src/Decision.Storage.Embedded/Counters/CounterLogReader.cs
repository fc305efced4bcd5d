using Decision.Engine.Charges;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Reads the log back into memory, at a start. What it has is newer than what the table has.</summary>
/// <param name="subjectOf">The subject in memory, made where there is none.</param>
/// <param name="generation">The generation that all of it belongs to from now on.</param>
/// <param name="nowUs">Microseconds since the Unix epoch.</param>
internal sealed class CounterLogReader(Func<Subject, SubjectCounters> subjectOf, int generation, long nowUs)
{
    private readonly List<string> _names = [];

    /// <summary>States, and chunks from some place on, that were damaged and left out.</summary>
    public int Damaged { get; private set; }

    /// <summary>Reads one chunk after those before it.</summary>
    public void Read(byte[] records)
    {
        _names.Clear();
        CounterLogChunk chunk = new(records);
        try
        {
            while (!chunk.IsAtEnd)
            {
                ReadSubject(ref chunk);
            }
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            Damaged++;
        }
    }

    private void ReadSubject(ref CounterLogChunk chunk)
    {
        SubjectCounters subject = subjectOf(new Subject((SubjectKind)chunk.Byte(), chunk.Text()));
        int counters = chunk.Number();
        if (counters == 0)
        {
            subject.Clear();
        }

        for (int i = 0; i < counters; i++)
        {
            int number = chunk.Number();
            if (number == 0)
            {
                _names.Add(chunk.Text());
            }

            string name = number == 0 ? _names[^1] : _names[number - 1];
            ReadOnlySpan<byte> state = chunk.Take(chunk.Number());
            Restore(subject, name, state, chunk.LongNumber());
        }
    }

    private void Restore(SubjectCounters subject, string name, ReadOnlySpan<byte> state, long periodEndUs)
    {
        CounterKey key = new(subject.Subject, name);
        Counter? earlier = subject.Find(key);
        Counter counter = earlier ?? new Counter(key);
        if (state.IsEmpty)
        {
            counter.Clear(nowUs);
        }
        else if (!counter.TryRestore(state, nowUs))
        {
            Damaged++;
            return;
        }

        // A rate that does not count any more is in nobody's way: what the table has of it is older still.
        if (earlier is null && !counter.IsQuota && !counter.IsEmpty && counter.IdleAtUs <= nowUs)
        {
            return;
        }

        counter.PeriodEndUs = periodEndUs;
        counter.LoggedIn = subject.LoggedIn = generation;
        counter.IsChanged = false;
        if (earlier is null)
        {
            subject.Add(counter);
        }
    }
}
