using System.Collections.Frozen;
using Decision.Engine.Findings;
using Decision.Engine.Paths;

namespace Decision.Engine.Apis;

/// <summary>All registered APIs at one moment, immutable, found by id or by host and path.</summary>
public sealed class ApiRegistry
{
    private readonly FrozenDictionary<string, ApiEntry> _byId;
    private readonly ListenPathIndex<ApiEntry> _byPath;

    /// <summary>Holds the entries; a later one with the same id counts. What cannot be mapped is added to the findings.</summary>
    public ApiRegistry(IEnumerable<ApiEntry> entries, FindingList findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var byId = new Dictionary<string, ApiEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            byId[entry.Api.Id] = entry;
        }

        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);

        // In the order of ids, so that of two APIs that claim one path always the same one has it.
        var mapped = byId.Values.Where(entry => entry.Api.ListenPath.Length > 0)
            .OrderBy(entry => entry.Api.Id, StringComparer.Ordinal).ToArray();
        _byPath = ListenPathIndex.Build(
            [.. mapped.Select(entry => new ListenPathEntry<ApiEntry>(entry.Api.Id, entry.Api.Hosts, entry.Api.ListenPath, entry))],
            out var problems);
        foreach (var problem in problems)
        {
            findings.Error("API " + mapped[problem.Index].Api.Id, "listen_path", problem.Problem);
        }
    }

    /// <summary>No API.</summary>
    public static ApiRegistry Empty { get; } = new([], []);

    /// <summary>How many.</summary>
    public int Count => _byId.Count;

    /// <summary>All, in no order.</summary>
    public IEnumerable<ApiEntry> Entries => _byId.Values;

    /// <summary>The API with the id; null = not registered.</summary>
    public ApiEntry? Find(string apiId) => _byId.GetValueOrDefault(apiId);

    /// <summary>The API that answers a host and a canonical path; null = none does.</summary>
    public ApiEntry? Find(ReadOnlySpan<char> host, ReadOnlySpan<char> path) => _byPath.TryFind(host, path, out var entry, out _) ? entry : null;
}
