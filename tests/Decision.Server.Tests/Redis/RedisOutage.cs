namespace Decision.Server.Tests.Redis;

/// <summary>A way in which Redis fails.</summary>
public enum RedisOutage
{
    /// <summary>kill -9.</summary>
    Killed,

    /// <summary>SIGSTOP: connections stay, answers do not come.</summary>
    Stopped,

    /// <summary>A script that does not end.</summary>
    Busy,

    /// <summary>maxmemory is used up.</summary>
    OutOfMemory,

    /// <summary>It became a replica.</summary>
    ReadOnly,

    /// <summary>It must have a replica, and has none.</summary>
    Alone,

    /// <summary>It wants another password.</summary>
    Locked,
}
