using System.Text;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>One call of decide.lua with any number of spendings.</summary>
internal static class DecideScript
{
    private static readonly RedisScript Script = RedisScript.Load("decide-once.lua", RedisScript.WithLimits("decide.lua"));
    private static readonly RedisFunction Function = RedisFunction.Load("decide", RedisScript.WithLimits("decide.lua", "decide-kept.lua"));

    private static readonly string FunctionName = Encoding.UTF8.GetString(Function.Name);

    /// <summary>One caller asks for the one spending of a call.</summary>
    public static readonly RedisValue Once = new byte[] { 1 };

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
            return IsLoaded(error);
        }
    }

    /// <summary>Likewise, by the client library.</summary>
    /// <exception cref="RedisServerException">It has no functions, or this user may not load them.</exception>
    public static async Task LoadFunctionAsync(IServer server)
    {
        try
        {
            await server.ExecuteAsync("FUNCTION", "LOAD", Function.Library).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (IsLoaded(error))
        {
            // By another replica.
        }
    }

    /// <summary>Whether an answer says that a server does not have the function any more, or that this user may not call it.</summary>
    public static bool IsWithoutFunction(RedisServerException error) =>
        error.Message.StartsWith("ERR Function not found", StringComparison.Ordinal) || IsForbidden(error);

    /// <summary>Whether this user may not do what was asked.</summary>
    public static bool IsForbidden(RedisServerException error) => error.Message.StartsWith("NOPERM", StringComparison.Ordinal);

    /// <summary>Whether an answer to loading the function says that there are no functions, or none for this user; others, as of a lack of memory, may pass.</summary>
    public static bool HasNoFunctions(RedisServerException error) => IsForbidden(error) || error.Message.Contains("unknown", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a call by the client library consists of.</summary>
    public static (RedisKey[] Keys, RedisValue[] Values) ArgumentsOf(SpendCall call, ScriptClock clock)
    {
        var keys = new RedisKey[NamesOf(call)];
        var values = new RedisValue[call.Groups.Length + 2];
        byte[] asking = new byte[call.Groups.Length];
        values[0] = clock.Argument;
        values[1] = asking;
        int at = 0;
        for (int i = 0; i < asking.Length; i++)
        {
            PendingSpending pending = call.Groups[i].First;
            pending.Keys.CopyTo(keys, at);
            at += pending.Keys.Length;
            asking[i] = call.Groups[i].Count;
            values[i + 2] = pending.Bytes;
        }

        return (keys, values);
    }

    /// <summary>Calls the function on the master of the keys' slot.</summary>
    /// <exception cref="RedisServerException">As <see cref="IsWithoutFunction"/> tells, among others.</exception>
    public static async Task<byte[]> CallFunctionAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        object[] arguments = [FunctionName, keys.Length, .. keys, .. values];
        return (byte[]?)await database.ExecuteAsync("FCALL", arguments, CommandFlags.DemandMaster).ConfigureAwait(false) ?? throw NoAnswer();
    }

    /// <summary>Sends the call over a connection that waits for the answer itself.</summary>
    /// <param name="form">How the server knows the script.</param>
    public static void Send(ScriptConnection connection, SpendCall call, ScriptClock clock, ScriptForm form)
    {
        int names = NamesOf(call);
        ReadOnlySpan<SpendCall.Group> groups = call.Groups;
        connection.Begin(names + groups.Length + 5);
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
        Span<byte> asking = stackalloc byte[SpendQueue.MostInCall];
        for (int i = 0; i < groups.Length; i++)
        {
            asking[i] = groups[i].Count;
            foreach (RedisKey key in groups[i].First.Keys)
            {
                connection.Write((string)key!);
            }
        }

        connection.Write((string?)clock.Argument ?? "");
        connection.Write(asking[..groups.Length]);
        foreach (SpendCall.Group group in groups)
        {
            connection.Write(group.First.Bytes);
        }

        connection.Send();
    }

    private static int NamesOf(SpendCall call)
    {
        int names = 0;
        foreach (SpendCall.Group group in call.Groups)
        {
            names += group.First.Keys.Length;
        }

        return names;
    }

    /// <summary>Runs the script on the master of the keys' slot.</summary>
    public static async Task<byte[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] values) =>
        (byte[]?)await Script.EvaluateAsync(database, keys, values).ConfigureAwait(false) ?? throw NoAnswer();

    private static bool IsLoaded(RedisServerException error) => error.Message.Contains("already exists", StringComparison.Ordinal);

    private static StoreException NoAnswer() => new("Redis answered a decision with nothing.");
}
