namespace Decision.Runtime.Stores;

/// <summary>
/// Port to what other replicas tell of their writes. A store that only this process writes has none. It is a faster way only: what it
/// loses is found by comparing, so it promises nothing.
/// </summary>
public interface IChangeFeed
{
    /// <summary>Tells the listener of changes from now on. Needs no connection: it may come later, and go and come again.</summary>
    /// <returns>Ends it when disposed.</returns>
    IDisposable Subscribe(IChangeListener listener);
}
