using System.Collections.Immutable;

namespace Decision.Engine.Grants;

/// <summary>
/// The policies that have something to say on an API, and what they say whichever API it is. Most APIs of a key are reached by the same
/// policies, so this is made once for all of them.
/// </summary>
internal sealed class PolicyReach
{
    private readonly GrantOptions _options;
    private GrantBehavior? _rateBehavior;
    private GrantBehavior? _quotaBehavior;

    public PolicyReach(ImmutableArray<PolicyEntry> entries, GrantOptions options)
    {
        _options = options;
        Entries = entries;
        Rate = entries.RemoveAll(static entry => !entry.Policy.Partitions.CoversRate);
        Quota = entries.RemoveAll(static entry => !entry.Policy.Partitions.CoversQuota);
        Complexity = entries.RemoveAll(static entry => !entry.Policy.Partitions.CoversComplexity);
        var access = entries.RemoveAll(static entry => !entry.Policy.Partitions.CoversAcl);

        // A policy without access_rights has nothing to say on access: it limits what others grant.
        Grantors = access.RemoveAll(static entry => entry.Policy.AccessRights.Count == 0);
        GrantedBy = Grantors.IsEmpty ? [] : [.. Grantors.Select(entry => entry.Policy.Id)];
        AllowedIps = access.All(static entry => entry.Policy.AllowedIps.IsEmpty) ? []
            : [.. access.SelectMany(entry => entry.Policy.AllowedIps).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All of them, in the key's order.</summary>
    public ImmutableArray<PolicyEntry> Entries { get; }

    /// <summary>Those that cover rates.</summary>
    public ImmutableArray<PolicyEntry> Rate { get; }

    /// <summary>Those that cover the quota.</summary>
    public ImmutableArray<PolicyEntry> Quota { get; }

    /// <summary>Those that cover the query depth.</summary>
    public ImmutableArray<PolicyEntry> Complexity { get; }

    /// <summary>Those that grant the API.</summary>
    public ImmutableArray<PolicyEntry> Grantors { get; }

    /// <summary>The ids of <see cref="Grantors"/>.</summary>
    public ImmutableArray<string> GrantedBy { get; }

    /// <summary>The addresses of those that cover access.</summary>
    public ImmutableArray<string> AllowedIps { get; }

    /// <summary>The limits on an API for which neither the key nor a policy has a block of its own; null = not merged yet.</summary>
    public MergedLimits? Limits { get; set; }

    public GrantBehavior RateBehavior(Keys.Key key) =>
        _rateBehavior ??= GrantBehavior.OfRates(Rate.Select(entry => entry.Policy.Behavior), key.Behavior, _options);

    public GrantBehavior QuotaBehavior(Keys.Key key) =>
        _quotaBehavior ??= GrantBehavior.OfQuota(Quota.Select(entry => entry.Policy.Behavior), key.Behavior, _options);

    /// <summary>Whether a policy has something to say on an API; null = on one that nobody names.</summary>
    public static bool Reaches(Policies.Policy policy, string? api) =>
        policy.AccessRights.Count == 0 || (api is not null && policy.AccessRights.ContainsKey(api));

    /// <summary>Whether just these of all the policies reach an API.</summary>
    public bool IsOf(string? api, ImmutableArray<PolicyEntry> all)
    {
        int at = 0;
        foreach (var entry in all)
        {
            if (!Reaches(entry.Policy, api))
            {
                continue;
            }

            if (at == Entries.Length || !ReferenceEquals(Entries[at], entry))
            {
                return false;
            }

            at++;
        }

        return at == Entries.Length;
    }
}
