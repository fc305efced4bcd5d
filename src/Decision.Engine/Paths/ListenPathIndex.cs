using System.Diagnostics.CodeAnalysis;

namespace Decision.Engine.Paths;

/// <summary>
/// Finds the API that listens on a host and path: APIs of exactly this host before those of any host, then the longest listen path that ends at
/// the path's end or before a <c>/</c>.
/// </summary>
/// <remarks>Host names compare in any case, without port and last dot; paths compare exactly. Nothing is allocated by a search.</remarks>
public sealed class ListenPathIndex<T>
{
    private readonly Dictionary<string, HostPaths> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<UInt128, HostPaths> _addresses = [];
    private readonly HostPaths _anyHost = new();

    internal ListenPathIndex()
    {
    }

    /// <summary>Finds the API for a request.</summary>
    /// <param name="host">The Host header or authority, with or without a port; empty finds only what listens on any host.</param>
    /// <param name="normalizedPath">A path in canonical form (<see cref="RequestPath.TryNormalize"/>).</param>
    /// <param name="value">What was found.</param>
    /// <param name="listenPathLength">Characters of the listen path without its last <c>/</c>, for <see cref="MatchPath"/>; 0 for <c>/</c>.</param>
    public bool TryFind(ReadOnlySpan<char> host, ReadOnlySpan<char> normalizedPath, [MaybeNullWhen(false)] out T value, out int listenPathLength)
    {
        var name = HostName.Of(host);
        HostPaths? paths;
        var isKnown = name.IsIPv6
            ? _addresses.TryGetValue(name.Address, out paths)
            : _hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.Name, out paths);
        return (isKnown && paths!.TryFind(normalizedPath, out value, out listenPathLength))
            || _anyHost.TryFind(normalizedPath, out value, out listenPathLength);
    }

    internal void Add(ListenPathEntry<T> entry, Action<string> report)
    {
        if (entry.ListenPath.AsSpan().IndexOfAny("*{}?#") >= 0)
        {
            report($"API {entry.Name}: the listen path '{entry.ListenPath}' has a wildcard or query; write literal text, it covers every path below it.");
            return;
        }

        if (!RequestPath.TryNormalize(entry.ListenPath, PathNormalization.Refuse, out var listenPath, out var refusal))
        {
            report($"API {entry.Name}: no request can reach the listen path '{entry.ListenPath}'. {refusal}");
            return;
        }

        listenPath = listenPath.TrimEnd('/');
        if (entry.Hosts.Count == 0)
        {
            AddTo(_anyHost, entry, listenPath, "any host", report);
        }

        foreach (var text in entry.Hosts)
        {
            if (HostName.ProblemOf(text) is { } problem)
            {
                report($"API {entry.Name}, host '{text}': {problem}");
                continue;
            }

            AddTo(PathsOf(text), entry, listenPath, $"host '{text}'", report);
        }
    }

    private HostPaths PathsOf(string text)
    {
        var host = HostName.Of(text);
        HostPaths? paths;
        if (host.IsIPv6)
        {
            return _addresses.TryGetValue(host.Address, out paths) ? paths : _addresses[host.Address] = new HostPaths();
        }

        var name = host.Name.ToString();
        return _hosts.TryGetValue(name, out paths) ? paths : _hosts[name] = new HostPaths();
    }

    private static void AddTo(HostPaths paths, ListenPathEntry<T> entry, string listenPath, string host, Action<string> report)
    {
        if (paths.Add(listenPath, entry.Name, entry.Value) is { } earlier)
        {
            report($"API {entry.Name}: the listen path '{(listenPath.Length == 0 ? "/" : listenPath)}' on {host} is already taken by API {earlier}; give one of them another path or host.");
        }
    }

    private sealed class HostPaths
    {
        private readonly Dictionary<string, (string Name, T Value)> _paths = new(StringComparer.Ordinal);
        private int _deepest;

        /// <summary>Adds a listen path; answers the name of the entry that has it already, or null.</summary>
        public string? Add(string listenPath, string name, T value)
        {
            if (!_paths.TryAdd(listenPath, (name, value)))
            {
                return _paths[listenPath].Name;
            }

            _deepest = Math.Max(_deepest, listenPath.Count(character => character == '/'));
            return null;
        }

        /// <summary>
        /// Looks up every start of the path that ends before a <c>/</c>, as deep as the deepest listen path: a long path costs no more than that.
        /// </summary>
        public bool TryFind(ReadOnlySpan<char> path, [MaybeNullWhen(false)] out T value, out int length)
        {
            var lookup = _paths.GetAlternateLookup<ReadOnlySpan<char>>();
            var isFound = lookup.TryGetValue([], out var best);
            length = 0;
            for (int depth = 0, end = 0; depth < _deepest && end < path.Length; depth++)
            {
                var next = path[(end + 1)..].IndexOf('/');
                end = next < 0 ? path.Length : end + 1 + next;
                if (lookup.TryGetValue(path[..end], out var longer))
                {
                    best = longer;
                    length = end;
                    isFound = true;
                }
            }

            value = best.Value;
            return isFound;
        }
    }
}
