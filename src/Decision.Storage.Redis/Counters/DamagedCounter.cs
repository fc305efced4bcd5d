using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Counters;

/// <summary>What is told of a counter that cannot be read.</summary>
internal static class DamagedCounter
{
    public static StoreException Exception() =>
        new("A counter in Redis is damaged, or of a later version of this service: start that version, or reset the key's usage.");
}
