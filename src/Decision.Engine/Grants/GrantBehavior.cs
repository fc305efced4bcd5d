using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>How the rates or the quota of a right are kept, once the policies that cover the group and the server's settings are put together.</summary>
public readonly record struct GrantBehavior(StoreFailureMode OnStoreFailure, LimitsMode Mode, Enforcement Enforcement)
{
    /// <summary>Of the rates: the strictest of what the policies that cover them say. The key's own word can only tighten it.</summary>
    internal static GrantBehavior OfRates(IEnumerable<LimitBehavior> policies, LimitBehavior own, GrantOptions options) =>
        Strictest(policies, own, new GrantBehavior(options.OnStoreFailureRate, options.Mode, Enforcement.Enforce), options, written => written.OnStoreFailureRate);

    /// <summary>Of the quota, likewise.</summary>
    internal static GrantBehavior OfQuota(IEnumerable<LimitBehavior> policies, LimitBehavior own, GrantOptions options) =>
        Strictest(policies, own, new GrantBehavior(options.OnStoreFailureQuota, options.Mode, Enforcement.Enforce), options, written => written.OnStoreFailureQuota);

    // A policy that says nothing follows the server.
    private static GrantBehavior Strictest(
        IEnumerable<LimitBehavior> policies,
        LimitBehavior own,
        GrantBehavior server,
        GrantOptions options,
        Func<LimitBehavior, StoreFailureMode?> ofGroup)
    {
        GrantBehavior? merged = null;
        foreach (var policy in policies)
        {
            var resolved = Resolve(policy, server, ofGroup);
            merged = merged is { } other ? Stricter(other, resolved) : resolved;
        }

        var result = merged is { } all ? Stricter(all, Resolve(own, all, ofGroup)) : Resolve(own, server, ofGroup);

        // The server's shadow is over everything: it is how a team tries the whole service before it counts.
        return options.Enforcement == Enforcement.Shadow ? result with { Enforcement = Enforcement.Shadow } : result;
    }

    private static GrantBehavior Resolve(LimitBehavior written, GrantBehavior otherwise, Func<LimitBehavior, StoreFailureMode?> ofGroup) => new(
        ofGroup(written) ?? written.OnStoreFailure ?? otherwise.OnStoreFailure,
        written.Mode ?? otherwise.Mode,
        written.Enforcement ?? otherwise.Enforcement);

    // Every enumeration is declared in order of strictness, the strictest first.
    private static GrantBehavior Stricter(GrantBehavior a, GrantBehavior b) => new(
        a.OnStoreFailure < b.OnStoreFailure ? a.OnStoreFailure : b.OnStoreFailure,
        a.Mode < b.Mode ? a.Mode : b.Mode,
        a.Enforcement < b.Enforcement ? a.Enforcement : b.Enforcement);
}
