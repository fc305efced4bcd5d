using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>
/// A Lua script of this assembly. It is called by its hash, in one trip; a server that does not know it (after a restart, or the other servers of a
/// cluster) gets the text once with the same call.
/// </summary>
internal sealed class RedisScript
{
    private static readonly string[] Limits = ["limits.lua", "log.lua", "windows.lua", "quotas.lua", "leases.lua"];

    private readonly string _text;
    private readonly byte[] _hash;
    private readonly byte[] _name;

    private RedisScript(string text)
    {
        _text = text;
#pragma warning disable CA5350 // The name that Redis gives to a script; nothing is kept safe by it.
        _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
        _name = Encoding.UTF8.GetBytes(Convert.ToHexStringLower(_hash));
    }

    /// <summary>Its text.</summary>
    public string Text => _text;

    /// <summary>By what a server that knows it calls it.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>Whether an answer says that the server does not know a script.</summary>
    public static bool IsUnknown(RedisServerException error) => error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);

    /// <summary>Reads a script.</summary>
    /// <param name="name">Its file in Scripts, such as <c>keywrite.lua</c>.</param>
    /// <param name="includes">Files whose texts come before it, in this order, such as functions that several scripts use.</param>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static RedisScript Load(string name, params string[] includes) =>
        new(TextOf([.. includes, name]));

    /// <summary>Reads a script that uses the counters of a subject.</summary>
    /// <param name="name">Its file in Scripts.</param>
    public static RedisScript LoadWithLimits(string name) => Load(name, Limits);

    /// <summary>Files of Scripts with what they use of the counters of a subject.</summary>
    public static string[] WithLimits(params ReadOnlySpan<string> names) => [.. Limits, .. names];

    /// <summary>The texts of files in Scripts, one after the other.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static string TextOf(IEnumerable<string> names) => string.Join('\n', names.Select(TextOf));

    /// <summary>Runs it on the master of the keys' slot; only a script that the server does not know takes a second trip.</summary>
    /// <param name="keys">Every name that it touches, all of one slot.</param>
    /// <exception cref="RedisException">As the client library throws it.</exception>
    public async Task<RedisResult> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, values, CommandFlags.DemandMaster).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (IsUnknown(error))
        {
            return await database.ScriptEvaluateAsync(_text, keys, values, CommandFlags.DemandMaster | CommandFlags.NoScriptCache).ConfigureAwait(false);
        }
    }

    private static string TextOf(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no script {name}.", nameof(name));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
