namespace Decision.Runtime.Stores;

/// <summary>Whether a spending took place.</summary>
public enum SpendStatus : byte
{
    /// <summary>Tested, and spent where nothing refused.</summary>
    Done = 0,

    /// <summary>The key's record is no longer the one the decision was made with: nothing was spent, read it again.</summary>
    KeyChanged = 1,

    /// <summary>The idempotency key was used for another request: nothing was spent.</summary>
    IdempotencyConflict = 2,
}
