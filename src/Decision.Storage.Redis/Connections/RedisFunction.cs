using System.Security.Cryptography;
using System.Text;

namespace Decision.Storage.Redis.Connections;

/// <summary>
/// Lua of this assembly as a function of Redis 7.0 or later. A script is run as a whole with every call; what a function is made of is made once and kept. The library's name
/// has a hash of the text in it, so that replicas of several versions have each their own.
/// </summary>
internal sealed class RedisFunction
{
    private readonly byte[] _name;

    private RedisFunction(string purpose, string text)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
        string name = $"decision_{purpose}_{hash}";
        _name = Encoding.UTF8.GetBytes(name);

        // A library is loaded without what its functions may use later: it is made when it is first called.
        Library = $"""
            #!lua name={name}
            local run
            local function make()
            {text}
            end
            redis.register_function('{name}', function(keys, arguments)
              run = run or make()
              return run(keys, arguments)
            end)
            """;
    }

    /// <summary>The text to load.</summary>
    public string Library { get; }

    /// <summary>The function's name.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>Makes one of files whose last one answers a function of keys and arguments.</summary>
    /// <param name="purpose">A word for its name.</param>
    /// <param name="names">Files in Scripts, in this order.</param>
    public static RedisFunction Load(string purpose, params string[] names) => new(purpose, RedisScript.TextOf(names));
}
