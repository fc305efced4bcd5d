using Decision.Runtime.Stores;

namespace Decision.Runtime.Tests.Support;

/// <summary>What one replica hears of the shared store; nothing while its connection is cut.</summary>
internal sealed class SharedFeed : IChangeFeed
{
    private volatile IChangeListener? _listener;

    public bool IsCut { get; set; }

    public IDisposable Subscribe(IChangeListener listener)
    {
        _listener = listener;
        return new Subscription(this);
    }

    public void Push(Action<IChangeListener> push)
    {
        if (!IsCut && _listener is { } listener)
        {
            push(listener);
        }
    }

    public void Reconnect()
    {
        IsCut = false;
        Push(listener => listener.Connected());
    }

    private sealed class Subscription(SharedFeed feed) : IDisposable
    {
        public void Dispose() => feed._listener = null;
    }
}
