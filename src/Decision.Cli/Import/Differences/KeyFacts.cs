using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Cli.Import.Differences;

/// <summary>A key with what its differences are found from.</summary>
/// <param name="Subject">Names it, never by its text.</param>
/// <param name="Key">The session as it came.</param>
/// <param name="Policies">Its policies in their order, also those with <c>active: false</c>; those that exist nowhere are not here.</param>
/// <param name="Missing">Ids of policies that exist nowhere.</param>
/// <param name="Merged">What it comes to here.</param>
/// <param name="ListenPaths">Listen paths by API, of definitions that are imported as well.</param>
internal sealed record KeyFacts(
    string Subject,
    Key Key,
    IReadOnlyList<Policy> Policies,
    IReadOnlyList<string> Missing,
    MergedKey Merged,
    IReadOnlyDictionary<string, string> ListenPaths)
{
    /// <summary>Whether a policy covers access; then the key's own rights do not count.</summary>
    public bool HasPolicyAccess { get; } = Policies.Any(static policy => policy is { IsLoaded: true, Partitions.CoversAcl: true });

    /// <summary>Whether a policy is <c>per_api</c>.</summary>
    public bool HasPerApi { get; } = Policies.Any(static policy => policy.Partitions.PerApi);

    /// <summary>Policies that Tyk takes access from, in their order.</summary>
    public IReadOnlyList<Policy> Granting { get; } =
        [.. Policies.Where(static policy => policy.Partitions.CoversAcl && !policy.AccessRights.IsEmpty)];

    /// <summary>Makes an effect on the key.</summary>
    public Effect Effect(string code, EffectKind kind, string text) => new(code, kind, Subject, text);
}
