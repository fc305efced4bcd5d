using System.Globalization;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

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

    /// <summary>How many keys a change reaches.</summary>
    public static string Followers(long keys) => keys switch
    {
        0 => "No key names it.",
        1 => "One key follows at its next request.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{keys} keys follow at their next request."),
    };

    /// <summary>A policy with everything that people look for.</summary>
    public static void Show(IAnsiConsole console, Policy policy)
    {
        console.Write(Tables.Fields(
            ("id", policy.Id),
            ("name", policy.Name),
            ("organisation", policy.OrgId),
            ("state", PolicyText.State(policy)),
            ("covers", PolicyText.Covers(policy)),
            ("rate", LimitText.Rate(policy.Rate, policy.Per)),
            ("rate algorithm", policy.RateAlgorithm),
            ("quota", LimitText.Quota(policy.QuotaMax, policy.QuotaRenewalRate, policy.QuotaPeriod)),
            ("trial", policy.KeyExpiresIn > 0 ? $"new keys expire after {DurationText.Write(TimeSpan.FromSeconds(policy.KeyExpiresIn))}" : ""),
            ("query depth", policy.MaxQueryDepth > 0 ? policy.MaxQueryDepth.ToString(CultureInfo.InvariantCulture) : ""),
            ("tags", string.Join(", ", policy.Tags)),
            ("addresses", string.Join(", ", policy.AllowedIps)),
            ("enforcement", policy.Enforcement),
            ("kept in", PolicyText.Source(policy)),
            ("etag", policy.Etag)));
        console.WriteLine();
        RightsTable.Write(console, policy.AccessRights);
    }
}
