using System.Threading.Channels;

namespace Decision.Runtime.Observation.Notes;

/// <summary>Notes on their way to the decision log: a bounded number of them. What finds no room is dropped and counted; no decision waits.</summary>
public sealed class NoteQueue
{
    private readonly Channel<DecisionNote> _channel;
    private readonly Action _dropped;

    /// <summary>Makes an empty one.</summary>
    /// <param name="capacity">How many notes wait at most.</param>
    /// <param name="dropped">Told of each that found no room.</param>
    public NoteQueue(int capacity, Action dropped)
    {
        Capacity = capacity;
        _dropped = dropped;
        _channel = Channel.CreateBounded<DecisionNote>(new BoundedChannelOptions(capacity) { SingleReader = true });
    }

    /// <summary>How many notes wait at most.</summary>
    public int Capacity { get; }

    /// <summary>For the one who writes them down.</summary>
    public ChannelReader<DecisionNote> Reader => _channel.Reader;

    /// <summary>No more will come.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>Adds one; never waits.</summary>
    public void Add(DecisionNote note)
    {
        if (!_channel.Writer.TryWrite(note))
        {
            _dropped();
        }
    }
}
