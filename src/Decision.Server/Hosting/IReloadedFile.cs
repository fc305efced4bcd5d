namespace Decision.Server.Hosting;

/// <summary>Something that was read from files, and is read again when they change.</summary>
internal interface IReloadedFile
{
    /// <summary>Looks whether the files changed, and takes them over if they are sound. Never throws: what is wrong is logged and told by readiness.</summary>
    void Look();
}
