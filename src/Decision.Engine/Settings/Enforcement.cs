namespace Decision.Engine.Settings;

/// <summary>Whether a limit that refuses is obeyed. The smallest wins a merge.</summary>
public enum Enforcement : byte
{
    /// <summary>Refuse what is over a limit.</summary>
    Enforce = 0,

    /// <summary>Decide and count, but admit, and say what would have been refused.</summary>
    Shadow = 1,
}
