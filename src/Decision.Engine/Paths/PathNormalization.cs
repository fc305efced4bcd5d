namespace Decision.Engine.Paths;

/// <summary>What becomes of a path that a proxy could read in another way than this service does.</summary>
public enum PathNormalization
{
    /// <summary>The path is refused. The default.</summary>
    Refuse,

    /// <summary>Dot segments are resolved, empty segments collapsed and a fragment removed; everything else that is ambiguous stays refused.</summary>
    Resolve,
}
