using Decision.Runtime.Stores;

namespace Decision.Runtime.Decisions;

/// <summary>Says that a store fails: at once, then at most once a second however many requests meet it, and when it answers again.</summary>
/// <param name="time">The clock.</param>
/// <param name="sayFailing">Gets the failure, and how many were not said since the last one that was.</param>
/// <param name="sayAnswering">Gets how many failed since the last time that it was said.</param>
internal sealed class StoreFailures(TimeProvider time, Action<StoreException, long> sayFailing, Action<long> sayAnswering)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private volatile bool _isFailing;
    private long? _saidAt;
    private bool _isSaid;
    private long _unsaid;
    private long _failed;

    /// <summary>The store failed.</summary>
    public void Failed(StoreException exception)
    {
        long unsaid;
        lock (_turn)
        {
            _isFailing = true;
            _failed++;
            if (_saidAt is { } saidAt && time.GetElapsedTime(saidAt) < Pause)
            {
                _unsaid++;
                return;
            }

            (_saidAt, _isSaid, unsaid, _unsaid) = (time.GetTimestamp(), true, _unsaid, 0);
        }

        sayFailing(exception, unsaid);
    }

    /// <summary>The store answered. Costs one look at a flag as long as it does.</summary>
    public void Answered()
    {
        if (_isFailing)
        {
            Recovered();
        }
    }

    private void Recovered()
    {
        long failed;
        lock (_turn)
        {
            _isFailing = false;
            if (!_isSaid)
            {
                // A failure that nobody was told of: nor need its end be told.
                return;
            }

            (_isSaid, failed, _failed, _unsaid) = (false, _failed, 0, 0);
        }

        sayAnswering(failed);
    }
}
