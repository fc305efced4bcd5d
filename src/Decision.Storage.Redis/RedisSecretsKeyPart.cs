using System.Security.Cryptography;
using Decision.Runtime.Hosting;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis;

/// <summary>
/// Whether this replica has the <c>Secrets:Key</c> that the others on this Redis have. The first one that has any leaves a fingerprint; each one
/// compares, at each connection and after each readiness. Nothing is refused for it: most keys do not need it.
/// </summary>
internal sealed class RedisSecretsKeyPart : IStatusPart
{
    private readonly RedisConnection _connection;
    private readonly RedisKeys _names;
    private readonly string? _fingerprint;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Rerun _checking;
    private volatile string? _problem;
    private string? _unread;

    public RedisSecretsKeyPart(
        RedisConnection connection, RedisKeys names, IOptions<RedisStorageOptions> options, TimeProvider time, ILogger<RedisSecretsKeyPart> log)
    {
        (_connection, _names, _patience, _time, _log) = (connection, names, options.Value.AdminTimeout, time, log);
        _fingerprint = options.Value.SecretsKey is { } key ? FingerprintOf(key) : null;
        _checking = new Rerun(CheckAsync);
    }

    /// <summary>Raised after each check.</summary>
    internal event Action? Checked;

    /// <inheritdoc />
    public string Name => "secrets-key";

    /// <inheritdoc />
    /// <remarks>As of the last check; who asks has it checked again for the next one.</remarks>
    public string? Problem
    {
        get
        {
            _checking.Ask();
            return _problem;
        }
    }

    /// <summary>Checks at each connection from now on.</summary>
    public void Watch() => _connection.Established += _checking.Ask;

    /// <summary>32 hexadecimal digits that tell one key from another and lead back to none.</summary>
    internal static string FingerprintOf(ReadOnlySpan<byte> secretsKey)
    {
        // Under a key of its own, so that no other use of Secrets:Key ever makes the same bytes.
        Span<byte> derived = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secretsKey, derived, salt: [], info: "decision redis secrets-key v1"u8);
        return Convert.ToHexStringLower(HMACSHA256.HashData(derived, "fingerprint"u8).AsSpan(0, 16));
    }

    private async Task CheckAsync()
    {
        try
        {
            if (_connection.IsBegun)
            {
                string? stored = await StoredAsync(_connection.Database).WaitAsync(_patience, _time).ConfigureAwait(false);
                Tell(stored is null || stored == _fingerprint ? null : ProblemOf());
                _unread = null;
            }
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            // What was found last stays. A Redis that does not answer is told by a part of its own.
            string problem = RedisFailure.Of(error, _patience).Sentence;
            if (problem != _unread)
            {
                RedisStorageLog.SecretsKeyUnread(_log, problem);
            }

            _unread = problem;
        }

        Checked?.Invoke();
    }

    private async Task<string?> StoredAsync(IDatabase database)
    {
        RedisKey name = _names.Catalog.SecretsKey;
        RedisValue stored = await database.StringGetAsync(name, CommandFlags.DemandMaster).ConfigureAwait(false);
        if (stored.IsNull && _fingerprint is not null)
        {
            // Of several that begin at once, one leaves its own; the others compare with that.
            // As SET, not the SETNX that the library would send: a user needs no more rights than for anything else.
            await database.ExecuteAsync("SET", [name, _fingerprint, "NX"], CommandFlags.DemandMaster).ConfigureAwait(false);
            stored = await database.StringGetAsync(name, CommandFlags.DemandMaster).ConfigureAwait(false);
        }

        return stored;
    }

    private void Tell(string? problem)
    {
        if (problem is not null && problem != _problem)
        {
            RedisStorageLog.SecretsKeyWrong(_log, problem);
        }

        _problem = problem;
    }

    private string ProblemOf()
    {
        string which = _fingerprint is null
            ? "Secrets:Key is not set here, but it is on other replicas of this Redis"
            : "Secrets:Key is not the one that this Redis was first used with";
        return $"{which}: custom keys and signature secrets that were made with that one do not work here. Set the same Secrets:Key on every replica. "
            + $"If it was changed on purpose, stop all replicas and delete {_names.Catalog.SecretsKey} in Redis.";
    }
}
