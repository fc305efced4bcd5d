namespace Decision.Runtime.Stores;

/// <summary>A store that can be copied while it is used. One behind a network has means of its own, and does not have this.</summary>
public interface IBackupStore
{
    /// <summary>
    /// Takes a whole copy as of one moment, with the counters as a restart would find them. Decisions and changes go on meanwhile; what comes
    /// after the moment is not in it.
    /// </summary>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>The copy, from its beginning; nothing of it is left when it is disposed.</returns>
    /// <exception cref="BackupRefusedException">Not as things are: there is nothing to keep, no room, or another copy is being taken.</exception>
    /// <exception cref="StoreException">It failed; nothing of it is left.</exception>
    ValueTask<Stream> CopyAsync(CancellationToken cancellation);
}
