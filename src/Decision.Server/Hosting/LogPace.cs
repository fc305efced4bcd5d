namespace Decision.Server.Hosting;

/// <summary>Says at most one thing in ten seconds, and counts the rest: a flood of calls must not be a flood of lines.</summary>
internal sealed class LogPace(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _saidAt;
    private long _unsaid;

    /// <summary>Whether to say it now.</summary>
    /// <param name="unsaid">How often it was not said since the last time.</param>
    public bool IsDue(out long unsaid)
    {
        lock (_lock)
        {
            if (_saidAt is { } said && time.GetElapsedTime(said) < Pause)
            {
                _unsaid++;
                unsaid = 0;
                return false;
            }

            (unsaid, _unsaid, _saidAt) = (_unsaid, 0, time.GetTimestamp());
            return true;
        }
    }
}
