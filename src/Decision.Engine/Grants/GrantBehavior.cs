using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>How the limits of a right are kept, once policies and server settings are put together.</summary>
public readonly record struct GrantBehavior(
    StoreFailureMode OnStoreFailureRate,
    StoreFailureMode OnStoreFailureQuota,
    LimitsMode Mode,
    Enforcement Enforcement)
{
    /// <summary>The strictest of what the policies say; one that says nothing follows the server. The key's own word can only tighten it.</summary>
    internal static GrantBehavior Strictest(IEnumerable<LimitBehavior> policies, LimitBehavior own, GrantOptions options)
    {
        GrantBehavior? merged = null;
        foreach (var policy in policies)
        {
            var resolved = Resolve(policy, new GrantBehavior(
                options.OnStoreFailureRate, options.OnStoreFailureQuota, options.Mode, Enforcement.Enforce));
            merged = merged is { } other ? Stricter(other, resolved) : resolved;
        }

        var result = merged is { } all
            ? Stricter(all, Resolve(own, all))
            : Resolve(own, new GrantBehavior(
                options.OnStoreFailureRate, options.OnStoreFailureQuota, options.Mode, Enforcement.Enforce));

        // The server's shadow is over everything: it is how a team tries the whole service before it counts.
        return options.Enforcement == Enforcement.Shadow ? result with { Enforcement = Enforcement.Shadow } : result;
    }

    private static GrantBehavior Resolve(LimitBehavior written, GrantBehavior otherwise) => new(
        written.OnStoreFailureRate ?? written.OnStoreFailure ?? otherwise.OnStoreFailureRate,
        written.OnStoreFailureQuota ?? written.OnStoreFailure ?? otherwise.OnStoreFailureQuota,
        written.Mode ?? otherwise.Mode,
        written.Enforcement ?? otherwise.Enforcement);

    // Every enumeration is declared in order of strictness, the strictest first.
    private static GrantBehavior Stricter(GrantBehavior a, GrantBehavior b) => new(
        a.OnStoreFailureRate < b.OnStoreFailureRate ? a.OnStoreFailureRate : b.OnStoreFailureRate,
        a.OnStoreFailureQuota < b.OnStoreFailureQuota ? a.OnStoreFailureQuota : b.OnStoreFailureQuota,
        a.Mode < b.Mode ? a.Mode : b.Mode,
        a.Enforcement < b.Enforcement ? a.Enforcement : b.Enforcement);
}
