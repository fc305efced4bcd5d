using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Policies;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>Compares what is wanted with what is in force; nothing is asked of the store.</summary>
/// <param name="catalog">What is in force.</param>
/// <param name="wanted">What is wanted.</param>
/// <param name="mostChanges">The most policies that the store changes at once.</param>
internal sealed class PolicyPlanning(Catalog catalog, WantedPolicies wanted, int mostChanges)
{
    private const int MostNamed = 10;

    private readonly FindingList _findings = [];

    /// <summary>The plan.</summary>
    /// <exception cref="AdministrationException">A file has one of the policies.</exception>
    public PolicyPlan Plan()
    {
        _findings.AddRange(wanted.Findings);
        if (wanted.Policies.Count == 0 && !_findings.HasErrors)
        {
            _findings.Error("request", "wanted", "has no policy: send at least one. To remove the last ones, delete them by their ids.");
        }

        CheckOrganizations();
        var before = catalog.Rules.Policies;
        if (_findings.HasErrors)
        {
            return new PolicyPlan([], _findings, before, before);
        }

        RequireWritable();
        PolicyChange[] policies =
        [
            .. wanted.Policies.Values.Select(ChangeOf).Concat(wanted.IsPruned ? Removals() : []).OrderBy(change => change.Id, StringComparer.Ordinal),
        ];
        int changes = policies.Count(policy => policy.Kind != PolicyChangeKind.Unchanged);
        if (changes > mostChanges)
        {
            _findings.Error(
                "request", "wanted", $"changes {changes} policies, and the store takes {mostChanges} at once: apply them in parts, such as one file or organisation after the other.");
            return new PolicyPlan([], _findings, before, before);
        }

        return new PolicyPlan(policies, _findings, before, After(before, policies));
    }

    // A policy of another organisation is neither taken over nor written by mistake.
    private void CheckOrganizations()
    {
        if (wanted.OrganizationId is not { } organization)
        {
            return;
        }

        foreach (var policy in wanted.Policies.Values)
        {
            string? other = policy.OrganizationId != organization ? policy.OrganizationId
                : catalog.Store.Policies.TryGetValue(policy.Id, out var stored) && stored.Policy.OrganizationId != organization ? stored.Policy.OrganizationId
                : null;
            if (other is not null)
            {
                _findings.Error(
                    $"policy {policy.Id}",
                    "org_id",
                    $"belongs to organisation \"{other}\"{(policy.OrganizationId == organization ? " in the store" : "")}, and only "
                    + $"\"{organization}\" was asked for: leave it out, or ask for all organisations.");
            }
        }
    }

    private void RequireWritable()
    {
        PolicyEntry[] read = [.. wanted.Policies.Keys.Select(catalog.Files.Policies.GetValueOrDefault).OfType<PolicyEntry>()];
        if (read.Length > 0)
        {
            string more = read.Length > MostNamed ? $" So do {read.Length - MostNamed} more." : "";
            throw new AdministrationException(
                AdministrationError.FailedPrecondition,
                string.Join(' ', read.Take(MostNamed).Select(entry => $"The policy {entry.Policy.Id} comes from the file {entry.Source}: change it there.")) + more);
        }
    }

    private PolicyChange ChangeOf(Policy policy)
    {
        if (!catalog.Store.Policies.TryGetValue(policy.Id, out var stored))
        {
            var created = policy with { LastUpdated = "" };
            return new PolicyChange(PolicyChangeKind.Created, null, created, FieldChange.Between("{}"u8.ToArray(), DocumentFormat.Write(created)), "", 0);
        }

        // The stamp says when it was written, not what it says.
        var next = policy with { LastUpdated = stored.Policy.LastUpdated };
        var fields = FieldChange.Between(DocumentFormat.Write(stored.Policy), DocumentFormat.Write(next));
        return new PolicyChange(
            fields.Count == 0 ? PolicyChangeKind.Unchanged : PolicyChangeKind.Updated, stored.Policy, next, fields, EtagOf(policy.Id), stored.Revision);
    }

    private IEnumerable<PolicyChange> Removals()
    {
        foreach (var (id, stored) in catalog.Store.Policies)
        {
            if (wanted.Policies.ContainsKey(id) || (wanted.OrganizationId is { } organization && stored.Policy.OrganizationId != organization))
            {
                continue;
            }

            if (catalog.Files.Policies.TryGetValue(id, out var file))
            {
                _findings.Warn($"policy {id}", "id", $"is in {file.Source} as well, and so stays in the store: remove it from the file first.");
                continue;
            }

            yield return new PolicyChange(PolicyChangeKind.Deleted, stored.Policy, null, [], EtagOf(id), stored.Revision);
        }
    }

    private string EtagOf(string id) => catalog.Store.Etags.GetValueOrDefault((DocumentKind.Policy, id), "");

    private static PolicySet After(PolicySet before, PolicyChange[] policies)
    {
        var changes = policies.Where(policy => policy.Kind != PolicyChangeKind.Unchanged).ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        return changes.Count == 0
            ? before
            : new PolicySet(before.Entries.Where(entry => !changes.ContainsKey(entry.Policy.Id)).Concat(
                changes.Values.Where(change => change.After is not null).Select(change => new PolicyEntry(change.After!, change.Revision + 1, "store"))));
    }
}
