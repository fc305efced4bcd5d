namespace Decision.Engine.Effects;

/// <summary>Whether a change lets a key do more or less.</summary>
public enum EffectDirection
{
    /// <summary>Neither can be said.</summary>
    Other,

    /// <summary>Less.</summary>
    Narrows,

    /// <summary>More.</summary>
    Widens,
}
