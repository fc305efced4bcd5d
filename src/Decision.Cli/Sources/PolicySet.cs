using Decision.Engine.Findings;

namespace Decision.Cli.Sources;

/// <summary>The policies of one text or of several, in which an id is there once.</summary>
/// <param name="read">Makes a policy of what is written; null where there is an error among the findings.</param>
/// <param name="idOf">The id of a policy.</param>
/// <param name="findings">Receives every finding.</param>
internal sealed class PolicySet<T>(Func<WrittenPolicy, T?> read, Func<T, string> idOf, FindingList findings)
    where T : class
{
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly List<T> _policies = [];

    /// <summary>All, in the order in which they were found.</summary>
    public IReadOnlyList<T> Policies => _policies;

    /// <summary>Adds the policies of a text.</summary>
    /// <param name="written">What was found in it.</param>
    /// <param name="name">Names it in findings.</param>
    public void Add(IEnumerable<WrittenPolicy> written, string name)
    {
        foreach (var policy in written.Select(read).OfType<T>())
        {
            string id = idOf(policy);
            if (id.Length == 0)
            {
                findings.Error(name, "id", "is missing: write the policy's id, by which it is found again.");
            }
            else if (_origins.TryAdd(id, name))
            {
                _policies.Add(policy);
            }
            else
            {
                string told = _origins[id] == name ? "is there twice: remove one." : $"is in {_origins[id]} as well: rename or remove one of them.";
                findings.Error($"{name}: policy {id}", "id", told);
            }
        }
    }
}
