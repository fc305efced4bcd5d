using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Counters;

/// <summary>What is told of a counter that cannot be read.</summary>
internal static class DamagedCounter
{
    /// <summary>What it is told as.</summary>
    public static StoreException Exception(SpendingReplyStatus status) => status == SpendingReplyStatus.Foreign
        ? new StoreException("A name of the service holds something else in Redis: give the service a Redis:Prefix of its own.")
        : Exception();

    public static StoreException Exception() =>
        new("A counter in Redis is damaged, or of a later version of this service: start that version, or reset the key's usage.");
}
