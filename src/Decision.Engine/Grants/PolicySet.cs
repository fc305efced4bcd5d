using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>All policies known at one moment, immutable: a request sees one set from start to end.</summary>
public sealed class PolicySet
{
    // Not frozen: a set is made at each change of a policy, and asked only when a grant is compiled or looked at again.
    private readonly Dictionary<string, PolicyEntry> _entries;

    /// <summary>Holds the entries; a later one with the same id counts.</summary>
    public PolicySet(IEnumerable<PolicyEntry> entries)
    {
        _entries = new Dictionary<string, PolicyEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            _entries[entry.Policy.Id] = entry;
        }
    }

    /// <summary>No policy.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>How many, those switched off included.</summary>
    public int Count => _entries.Count;

    /// <summary>All, in no order.</summary>
    public IEnumerable<PolicyEntry> Entries => _entries.Values;

    /// <summary>All by their ids, those switched off included.</summary>
    public IReadOnlyDictionary<string, Policy> ById => field ??= _entries.ToDictionary(entry => entry.Key, entry => entry.Value.Policy, StringComparer.Ordinal);

    /// <summary>The entry, also of a policy that is switched off; null = there is none.</summary>
    public PolicyEntry? Find(string id) => _entries.GetValueOrDefault(id);
}
