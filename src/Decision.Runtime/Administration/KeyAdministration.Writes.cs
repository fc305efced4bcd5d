using System.Collections.Immutable;
using Decision.Engine.Charges;
using Decision.Engine.Credentials;
using Decision.Runtime.Audit;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <content>What ends a key or its text, and how a change of a key comes to the store: one after the other, and never with a policy that is being deleted.</content>
public sealed partial class KeyAdministration
{
    /// <summary>Removes a key and its counters; the next request with it is refused.</summary>
    public async ValueTask DeleteAsync(string keyId, string etag, CancellationToken cancellation)
    {
        var record = await GetAsync(keyId, cancellation).ConfigureAwait(false);
        CheckEtag(record, etag);
        bool isDeleted;
        try
        {
            isDeleted = await _audit.RunAsync(
                KeyActs.Of("key.delete", record, null),
                () => _store.DeleteAsync(keyId, etag.Length > 0 ? record.Version : 0, CancellationToken.None),
                static isDone => isDone).ConfigureAwait(false);
        }
        finally
        {
            // Also where the store failed: it may have written and only not said so.
            _directory.Records.Forget(keyId);
        }

        if (!isDeleted)
        {
            throw Changed(keyId);
        }

        await _counters.DeleteSubjectAsync(new Subject(SubjectKind.Key, keyId), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Gives a key a new text. Id, limits, counters and a trial's end stay.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="overlap">How long the old text is still accepted; zero = not at all.</param>
    /// <param name="etag">What the caller has read; empty = whatever is stored.</param>
    /// <param name="cancellation">Given up before the write.</param>
    public async ValueTask<RotatedKey> RotateAsync(string keyId, TimeSpan overlap, string etag, CancellationToken cancellation)
    {
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap)
        {
            throw new AdministrationException("overlap", $"must be between 0 and {LongestOverlap.TotalDays:0} days.");
        }

        string text = KeySecrets.NewToken(keyId);
        long endsAtUs = 0;
        var record = await ReplaceAsync(
            "key.rotate",
            keyId,
            etag,
            before =>
            {
                long nowUs = _time.NowUs();
                endsAtUs = overlap == TimeSpan.Zero ? 0 : nowUs + (long)overlap.TotalMicroseconds;
                var fresh = _secrets.Hash(text, isCustom: false);

                // At most two live: the newest of the old ones stays for a while, older ones end now.
                ImmutableArray<KeyHash> hashes = overlap == TimeSpan.Zero
                    ? [fresh]
                    : [fresh, before.Hashes[0] with { EndsAtUs = Math.Min(endsAtUs, before.Hashes[0].EndsAtUs ?? long.MaxValue) }];
                return before with { Hashes = hashes };
            },
            cancellation).ConfigureAwait(false);
        return new RotatedKey(record, text, endsAtUs);
    }

    private async ValueTask<KeyRecord> ReplaceAsync(
        string action, string keyId, string etag, Func<KeyRecord, KeyRecord> change, CancellationToken cancellation)
    {
        // On one replica changes of a key take turns: who names no etag must not be told of another's change. The attempts are for other replicas.
        var turn = _turns[(uint)keyId.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (int attempt = 1; attempt <= Attempts; attempt++)
            {
                if (await InGateAsync(() => TryChangeAsync(action, keyId, etag, change, cancellation), cancellation).ConfigureAwait(false) is { } after)
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
        string action, string keyId, string etag, Func<KeyRecord, KeyRecord> change, CancellationToken cancellation)
    {
        var before = await GetAsync(keyId, cancellation).ConfigureAwait(false);
        CheckEtag(before, etag);
        var after = change(before) with { Version = KeySecrets.NewVersion() };
        return await TryReplaceAsync(KeyActs.Of(action, before, after), after, before.Version).ConfigureAwait(false) ? after : null;
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

    private async ValueTask<bool> TryReplaceAsync(AuditAct act, KeyRecord record, ulong expectedVersion)
    {
        try
        {
            return await _audit.RunAsync(
                act, () => _store.ReplaceAsync(record, expectedVersion, CancellationToken.None), static isDone => isDone).ConfigureAwait(false);
        }
        finally
        {
            // Also where the store failed: it may have written and only not said so.
            _directory.Records.Forget(record);
        }
    }
}
