using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Decision.Console.Hosting;
using Decision.Runtime.Credentials;

namespace Decision.Console.Sessions;

/// <summary>
/// Everybody who has signed in. Sessions are in this process alone: a restart ends them, and none can be made by whoever reads a disk or a key.
/// </summary>
internal sealed class ConsoleSessions(ConsoleOptions options, TimeProvider time)
{
    /// <summary>Of more, the one that was used least lately ends.</summary>
    public const int MostSessions = 1_000;

    /// <summary>How long a credential that the store cannot be asked for may go on looking at what is in memory.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, ConsoleSession> _byToken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConsoleSession> _byId = new(StringComparer.Ordinal);

    /// <summary>Begins a session.</summary>
    /// <returns>The cookie's text.</returns>
    public string Start(Actor actor)
    {
        MakeRoom();
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var session = new ConsoleSession(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), HashOf(token), actor, time.GetTimestamp());
        _byId[session.Id] = session;
        _byToken[session.TokenHash] = session;
        return token;
    }

    /// <summary>The live session of a cookie; null = there is none.</summary>
    public ConsoleSession? FindByToken(string token) =>
        token.Length > 0 && _byToken.TryGetValue(HashOf(token), out var session) && IsLive(session) ? session : null;

    /// <summary>The live session of an id; null = there is none.</summary>
    public ConsoleSession? FindById(string id) => _byId.TryGetValue(id, out var session) && IsLive(session) ? session : null;

    /// <summary>Whether it goes on. One that does not is forgotten.</summary>
    public bool IsLive(ConsoleSession session)
    {
        bool isLive = !session.IsEnded
            && time.GetElapsedTime(session.StartedAt) < options.SessionLifetime
            && time.GetElapsedTime(session.UsedAt) < options.IdleTimeout;
        if (!isLive)
        {
            End(session);
        }

        return isLive;
    }

    /// <summary>The person did something.</summary>
    /// <returns>False = the session has ended.</returns>
    public bool Touch(ConsoleSession session)
    {
        if (!IsLive(session))
        {
            return false;
        }

        session.UsedAt = time.GetTimestamp();
        return true;
    }

    /// <summary>The credential was looked at, and accepted.</summary>
    public void Accepted(ConsoleSession session) => session.AcceptedAt = time.GetTimestamp();

    /// <summary>Whether the credential was accepted a short time ago.</summary>
    public bool WasAcceptedLately(ConsoleSession session) => time.GetElapsedTime(session.AcceptedAt) < Lately;

    /// <summary>Ends it, in all of its windows.</summary>
    public void End(ConsoleSession session)
    {
        session.IsEnded = true;
        _byToken.TryRemove(session.TokenHash, out _);
        _byId.TryRemove(session.Id, out _);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private void MakeRoom()
    {
        foreach (var session in _byId.Values)
        {
            IsLive(session);
        }

        if (_byId.Count >= MostSessions && _byId.Values.MinBy(session => session.UsedAt) is { } oldest)
        {
            End(oldest);
        }
    }
}
