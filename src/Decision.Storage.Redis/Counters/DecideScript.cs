using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>One call of decide.lua with any number of spendings.</summary>
internal static class DecideScript
{
    private static readonly RedisScript Script = RedisScript.Load("decide.lua", "limits.lua");

    public static Task<byte[]> EvaluateAsync(IDatabase database, List<PendingSpending> call, ScriptClock clock)
    {
        int names = 0;
        foreach (PendingSpending pending in call)
        {
            names += pending.Keys.Length;
        }

        var keys = new RedisKey[names];
        var values = new RedisValue[call.Count + 1];
        values[0] = clock.Argument;
        int at = 0;
        for (int i = 0; i < call.Count; i++)
        {
            call[i].Keys.CopyTo(keys, at);
            at += call[i].Keys.Length;
            values[i + 1] = call[i].Bytes;
        }

        return EvaluateAsync(database, keys, values);
    }

    public static async Task<byte[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] values) =>
        (byte[]?)await Script.EvaluateAsync(database, keys, values).ConfigureAwait(false)
        ?? throw new StoreException("Redis answered a decision with nothing.");
}
