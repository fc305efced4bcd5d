namespace Decision.Runtime.Stores;

/// <summary>Port to the keys' records. Writes are durable when the call returns. Throws <see cref="StoreException"/>.</summary>
public interface IKeyStore
{
    /// <summary>The record, or null.</summary>
    ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation);

    /// <summary>The id of the key that has (or, in a rotation, had) this hash, or null. Only custom keys are indexed.</summary>
    ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation);

    /// <summary>Adds a record; false where the id, or one of its custom hashes, is taken.</summary>
    ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation);

    /// <summary>Replaces the record if it still has the version; false where it has not, or where a custom hash is taken by another key.</summary>
    ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation);

    /// <summary>Removes the record if it still has the version (0 = any); false where it has not or is not there.</summary>
    ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation);

    /// <summary>A page of records in the order of their ids, after <paramref name="afterId"/> (empty = from the start).</summary>
    ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation);

    /// <summary>How many keys fit the filter.</summary>
    ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation);

    /// <summary>How many keys use at least one of the policies.</summary>
    ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation);
}
