using System.Threading.Channels;
using Decision.Runtime.Observation.Notes;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>One who follows refusals. Who reads too slowly misses some, and is told how many; no decision waits.</summary>
public sealed class RefusalFollower : IDisposable
{
    private const int Capacity = 1_000;

    private readonly Channel<DecisionNote> _channel = Channel.CreateBounded<DecisionNote>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly RefusalFilter _filter;
    private readonly Action<RefusalFollower> _leave;
    private long _missed;

    internal RefusalFollower(RefusalFilter filter, Action<RefusalFollower> leave) => (_filter, _leave) = (filter, leave);

    /// <summary>The refusals as they come.</summary>
    public ChannelReader<DecisionNote> Reader => _channel.Reader;

    /// <summary>How many were missed since it was last asked.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

    /// <inheritdoc />
    public void Dispose()
    {
        _leave(this);
        _channel.Writer.TryComplete();
    }

    internal void Tell(DecisionNote note)
    {
        if (_filter.Matches(note) && !_channel.Writer.TryWrite(note))
        {
            Interlocked.Increment(ref _missed);
        }
    }
}
