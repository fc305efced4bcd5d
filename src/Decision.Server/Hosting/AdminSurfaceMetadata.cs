namespace Decision.Server.Hosting;

/// <summary>Marks an HTTP endpoint as part of the <see cref="AdminSurface"/>.</summary>
internal sealed class AdminSurfaceMetadata
{
    public static AdminSurfaceMetadata Instance { get; } = new();
}
