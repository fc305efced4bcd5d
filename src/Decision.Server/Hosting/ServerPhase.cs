namespace Decision.Server.Hosting;

/// <summary>Where the server is in its life.</summary>
internal enum ServerPhase
{
    /// <summary>Not yet ready.</summary>
    Starting,

    /// <summary>Takes calls.</summary>
    Ready,

    /// <summary>A stop was asked for: running calls end, new ones go elsewhere.</summary>
    Draining,
}
