namespace Decision.Engine.Settings;

/// <summary>Whether each decision asks the store, or spends from a lease. The smallest wins a merge.</summary>
public enum LimitsMode : byte
{
    /// <summary>One counter in the store, asked at each decision.</summary>
    Exact = 0,

    /// <summary>A replica takes a block of a limit before it uses it.</summary>
    Leased = 1,
}
