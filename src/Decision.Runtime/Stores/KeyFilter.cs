namespace Decision.Runtime.Stores;

/// <summary>Which keys; null = any. The parts are joined by "and".</summary>
public sealed record KeyFilter(string? OrganizationId = null, string? PolicyId = null, string? Tag = null, string? Alias = null)
{
    /// <summary>Every key.</summary>
    public static KeyFilter All { get; } = new();
}
