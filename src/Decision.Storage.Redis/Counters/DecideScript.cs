using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>One call of decide.lua with any number of spendings.</summary>
internal static class DecideScript
{
    private static readonly RedisScript Script = RedisScript.Load("decide-once.lua", RedisScript.WithLimits("decide.lua"));
    private static readonly RedisFunction Function = RedisFunction.Load("decide", RedisScript.WithLimits("decide.lua", "decide-kept.lua"));

    /// <summary>Makes the function known to a server.</summary>
    /// <returns>False where it has no functions, or this user may not load them.</returns>
    public static bool TryLoadFunction(ScriptConnection connection)
    {
        try
        {
            connection.Ask("FUNCTION", "LOAD", Function.Library);
            return true;
        }
        catch (RedisServerException error)
        {
            return error.Message.Contains("already exists", StringComparison.Ordinal);
        }
    }

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

    /// <summary>Sends the call over a connection that waits for the answer itself.</summary>
    /// <param name="form">How the server knows the script.</param>
    public static void Send(ScriptConnection connection, List<PendingSpending> call, ScriptClock clock, ScriptForm form)
    {
        int names = 0;
        foreach (PendingSpending pending in call)
        {
            names += pending.Keys.Length;
        }

        connection.Begin(names + call.Count + 4);
        switch (form)
        {
            case ScriptForm.Function:
                connection.Write("FCALL"u8);
                connection.Write(Function.Name);
                break;
            case ScriptForm.Name:
                connection.Write("EVALSHA"u8);
                connection.Write(Script.Name);
                break;
            default:
                connection.Write("EVAL"u8);
                connection.Write(Script.Text);
                break;
        }

        connection.Write(names);
        foreach (PendingSpending pending in call)
        {
            foreach (RedisKey key in pending.Keys)
            {
                connection.Write((string)key!);
            }
        }

        connection.Write((string?)clock.Argument ?? "");
        foreach (PendingSpending pending in call)
        {
            connection.Write(pending.Bytes);
        }

        connection.Send();
    }

    public static async Task<byte[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] values) =>
        (byte[]?)await Script.EvaluateAsync(database, keys, values).ConfigureAwait(false)
        ?? throw new StoreException("Redis answered a decision with nothing.");
}
