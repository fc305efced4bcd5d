namespace Decision.Runtime.Metrics;

/// <summary>Counters of a fixed number of things, a row of them for each processor, so that counting does not make the cores wait for each other.</summary>
/// <param name="places">How many things are counted.</param>
internal sealed class ProcessorRows(int places)
{
    // A cache line behind each row.
    private const int Padding = 8;

    private readonly long[][] _rows = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new long[places + Padding])];

    /// <summary>Counts one.</summary>
    public void Count(int place) => Interlocked.Increment(ref _rows[(uint)Thread.GetCurrentProcessorId() % (uint)_rows.Length][place]);

    /// <summary>What was counted so far.</summary>
    public long Sum(int place)
    {
        long sum = 0;
        foreach (long[] row in _rows)
        {
            sum += Interlocked.Read(ref row[place]);
        }

        return sum;
    }
}
