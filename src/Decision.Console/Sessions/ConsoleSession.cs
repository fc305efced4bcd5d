using Decision.Runtime.Credentials;

namespace Decision.Console.Sessions;

/// <summary>Somebody who has signed in. It is in memory alone; the browser's cookie has a random text of which only the hash is kept.</summary>
/// <param name="id">Names it inside the process; it opens nothing.</param>
/// <param name="tokenHash">SHA-256 of the cookie's text, in hexadecimal digits.</param>
/// <param name="actor">Who it is.</param>
/// <param name="startedAt">When it began, in ticks of the clock.</param>
internal sealed class ConsoleSession(string id, string tokenHash, Actor actor, long startedAt)
{
    private long _usedAt = startedAt;
    private long _acceptedAt = startedAt;
    private volatile bool _isEnded;

    public string Id => id;

    public string TokenHash => tokenHash;

    public Actor Actor => actor;

    public long StartedAt { get; } = startedAt;

    /// <summary>When the person last did something.</summary>
    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }

    /// <summary>When the credential was last looked at, and accepted.</summary>
    public long AcceptedAt
    {
        get => Volatile.Read(ref _acceptedAt);
        set => Volatile.Write(ref _acceptedAt, value);
    }

    public bool IsEnded
    {
        get => _isEnded;
        set => _isEnded = value;
    }
}
