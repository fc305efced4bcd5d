using System.Collections.Frozen;

namespace Decision.Engine.Organizations;

/// <summary>All organisations with a record at one moment, immutable.</summary>
public sealed class OrganizationSet
{
    private readonly FrozenDictionary<string, OrganizationEntry> _entries;

    /// <summary>Holds the entries.</summary>
    public OrganizationSet(IEnumerable<OrganizationEntry> entries) =>
        _entries = entries.ToFrozenDictionary(entry => entry.Organization.Id, StringComparer.Ordinal);

    /// <summary>No organisation.</summary>
    public static OrganizationSet Empty { get; } = new([]);

    /// <summary>All, in no order.</summary>
    public IEnumerable<OrganizationEntry> Entries => _entries.Values;

    /// <summary>The record; null = the organisation has none, and so no limits.</summary>
    public OrganizationEntry? Find(string id) => _entries.GetValueOrDefault(id);
}
