using System.Collections.Frozen;

namespace Decision.Server.Callers;

/// <summary>A program that may ask for decisions: a proxy, a sidecar, an application.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Organizations">The organisations that it may ask for; null = all.</param>
/// <param name="Apis">The APIs that it may ask for; null = all.</param>
internal sealed record Caller(string Name, FrozenSet<string>? Organizations, FrozenSet<string>? Apis)
{
    /// <summary>Whoever asks, where no callers are set.</summary>
    public static Caller Anyone { get; } = new("", null, null);

    public bool IsScoped => Organizations is not null || Apis is not null;
}
