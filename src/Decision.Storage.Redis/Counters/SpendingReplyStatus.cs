namespace Decision.Storage.Redis.Counters;

/// <summary>What decide.lua answers to one spending. The numbers are the script's.</summary>
internal enum SpendingReplyStatus : byte
{
    /// <summary>Tested, and spent where nothing refused.</summary>
    Done = 0,

    /// <summary>The key's version is another one.</summary>
    KeyChanged = 1,

    /// <summary>The idempotency key belongs to another request.</summary>
    Conflict = 2,

    /// <summary>Answered before.</summary>
    Replay = 3,

    /// <summary>A quota by the calendar needs the window of another moment than the one given.</summary>
    NeedsWindow = 4,

    /// <summary>Spent by each of those that asked, one after the other: the numbers are those of the last.</summary>
    Steps = 5,

    /// <summary>A name holds something else than the service stores there.</summary>
    Foreign = 8,

    /// <summary>What is stored cannot be read.</summary>
    Damaged = 9,
}
