namespace Decision.Storage.Redis.Connections;

/// <summary>Runs a piece of work each time it is asked for, one at a time; what is asked meanwhile is one more run after.</summary>
/// <param name="work">Must not throw.</param>
internal sealed class Rerun(Func<Task> work)
{
    private int _asked;

    /// <summary>Asks for a run, and returns at once.</summary>
    public void Ask()
    {
        if (Interlocked.Increment(ref _asked) == 1)
        {
            _ = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _asked);
            await work().ConfigureAwait(false);
        }
        while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
    }
}
