using System.Collections.Immutable;
using Decision.Engine.Keys;

namespace Decision.Engine.Grants;

/// <summary>Which policies of a key are in force, or why they cannot be.</summary>
internal sealed record AppliedPolicies(ImmutableArray<PolicyEntry> Entries, ImmutableArray<MissingPolicy> Missing)
{
    public Reason Failure { get; private init; } = Reason.Allowed;

    public string FailureOrigin { get; private init; } = "";

    public string FailureFinding { get; private init; } = "";

    public static AppliedPolicies Resolve(Key key, PolicySet policies)
    {
        var entries = ImmutableArray.CreateBuilder<PolicyEntry>(key.ApplyPolicies.Length);
        ImmutableArray<MissingPolicy> missing = [];
        var failure = Reason.Allowed;
        foreach (string id in DistinctText.Of(key.ApplyPolicies))
        {
            var entry = policies.Find(id);
            if (entry is { Policy.IsLoaded: true })
            {
                entries.Add(entry);
                continue;
            }

            if (missing.IsEmpty)
            {
                failure = entry is null ? Reason.PolicyMissing : Reason.PolicyInactive;
            }

            missing = missing.Add(new MissingPolicy(id, entry));
        }

        var applied = new AppliedPolicies(entries.DrainToImmutable(), missing);
        return applied.CheckOrganizations(key)
            ?? applied.CheckMissing(failure)
            ?? applied.CheckTogether()
            ?? applied;
    }

    private AppliedPolicies? CheckOrganizations(Key key)
    {
        PolicyEntry? foreign = null;
        foreach (var entry in Entries)
        {
            if (entry.Policy.OrganizationId != key.OrganizationId)
            {
                foreign = entry;
                break;
            }
        }

        return foreign is null ? null : Fail(
            Reason.OrganizationMismatch,
            foreign.Policy.Id,
            $"Policy {foreign.Policy.Id} belongs to organisation \"{foreign.Policy.OrganizationId}\", the key to \"{key.OrganizationId}\".");
    }

    // A lost policy must never widen a key. What remains may stand for it only if it grants access itself, or the key would fall back on
    // its own rights or none, and if on every API that remains it says something on every group.
    private AppliedPolicies? CheckMissing(Reason failure)
    {
        if (Missing.IsEmpty)
        {
            return null;
        }

        var whole = Entries.Where(entry => !entry.Policy.Partitions.IsPartitioned).ToArray();
        bool standsIn = whole.Any(entry => entry.Policy.AccessRights.Count > 0)
            && Entries.Where(entry => entry.Policy.Partitions.CoversAcl).SelectMany(entry => entry.Policy.AccessRights.Keys)
                .All(api => whole.Any(entry => PolicyReach.Reaches(entry.Policy, api)));
        return standsIn ? null : Fail(
            failure,
            Missing[0].PolicyId,
            failure == Reason.PolicyMissing
                ? $"Policy {Missing[0].PolicyId} does not exist, and no unpartitioned or per_api policy with the same APIs remains that could stand for it."
                : $"Policy {Missing[0].PolicyId} is switched off (active: false), and no unpartitioned or per_api policy with the same APIs remains that could stand for it.");
    }

    private AppliedPolicies? CheckTogether()
    {
        var both = Entries.FirstOrDefault(entry => entry.Policy.Partitions is { PerApi: true, IsPartitioned: true });
        if (both is not null)
        {
            return Fail(Reason.PolicyInvalid, both.Policy.Id, $"Policy {both.Policy.Id} sets per_api together with another partition.");
        }

        var perApi = Entries.FirstOrDefault(entry => entry.Policy.Partitions.PerApi);
        var partitioned = Entries.FirstOrDefault(entry => entry.Policy.Partitions.IsPartitioned);
        return perApi is null || partitioned is null ? null : Fail(
            Reason.PolicyInvalid,
            partitioned.Policy.Id,
            $"Policy {perApi.Policy.Id} is per_api and policy {partitioned.Policy.Id} is partitioned: one key cannot have both.");
    }

    private AppliedPolicies Fail(Reason failure, string origin, string finding) =>
        this with { Failure = failure, FailureOrigin = origin, FailureFinding = finding };
}
