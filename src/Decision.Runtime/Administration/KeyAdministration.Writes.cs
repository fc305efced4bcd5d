using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <content>How a change of a key comes to the store: one after the other, and never with a policy that is being deleted.</content>
public sealed partial class KeyAdministration
{
    private async ValueTask<KeyRecord> ReplaceAsync(
        string keyId, string etag, Func<KeyRecord, KeyRecord> change, CancellationToken cancellation)
    {
        // On one replica changes of a key take turns: who names no etag must not be told of another's change. The attempts are for other replicas.
        var turn = _turns[(uint)keyId.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (int attempt = 1; attempt <= Attempts; attempt++)
            {
                if (await InGateAsync(() => TryChangeAsync(keyId, etag, change, cancellation), cancellation).ConfigureAwait(false) is { } after)
                {
                    return after;
                }
            }
        }
        finally
        {
            turn.Release();
        }

        throw Changed(keyId);
    }

    private async ValueTask<KeyRecord?> TryChangeAsync(
        string keyId, string etag, Func<KeyRecord, KeyRecord> change, CancellationToken cancellation)
    {
        var before = await GetAsync(keyId, cancellation).ConfigureAwait(false);
        CheckEtag(before, etag);
        var after = change(before) with { Version = KeySecrets.NewVersion() };
        return await TryReplaceAsync(after, before.Version).ConfigureAwait(false) ? after : null;
    }

    // From the check of a key's policies until its write no policy can be deleted, so that none is lost to a key that has just begun to use it.
    private async ValueTask<T> InGateAsync<T>(Func<ValueTask<T>> write, CancellationToken cancellation)
    {
        await _catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _catalog.ThrowIfStoreUnread();
            return await write().ConfigureAwait(false);
        }
        finally
        {
            _catalog.Gate.Release();
        }
    }

    private async ValueTask<bool> TryReplaceAsync(KeyRecord record, ulong expectedVersion)
    {
        try
        {
            return await _store.ReplaceAsync(record, expectedVersion, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            // Also where the store failed: it may have written and only not said so.
            _directory.Records.Forget(record);
        }
    }
}
