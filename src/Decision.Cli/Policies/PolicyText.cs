using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies;

/// <summary>Words for policies.</summary>
internal static class PolicyText
{
    /// <summary>The groups that a policy covers.</summary>
    public static string Covers(Policy policy)
    {
        var partitions = policy.Partitions ?? new PolicyPartitions();
        if (partitions.PerApi)
        {
            return "per_api";
        }

        var groups = new[] { (partitions.Acl, "acl"), (partitions.RateLimit, "rate_limit"), (partitions.Quota, "quota"), (partitions.Complexity, "complexity") };
        string[] covered = [.. groups.Where(group => group.Item1).Select(group => group.Item2)];
        return covered.Length == 0 ? "all" : string.Join(',', covered);
    }

    /// <summary><c>enabled</c>, <c>disabled</c> (not loaded), or <c>inactive</c> (refuses its keys).</summary>
    public static string State(Policy policy) => policy is { HasActive: true, Active: false } ? "disabled" : policy.IsInactive ? "inactive" : "enabled";

    /// <summary>Where it is kept.</summary>
    public static string Source(Policy policy) => policy.Source == "store" ? $"store, revision {policy.Revision}" : policy.Source;
}
