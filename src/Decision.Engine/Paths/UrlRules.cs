namespace Decision.Engine.Paths;

/// <summary>The compiled <c>allowed_urls</c> of one API: which methods on which paths.</summary>
/// <remarks>Methods compare in any case. Nothing is allocated by a test.</remarks>
public sealed class UrlRules
{
    /// <summary>No entries: no restriction.</summary>
    public static readonly UrlRules None = new([], UrlMatching.Segments, isEmpty: true);

    private readonly MethodPatterns[] _methods;
    private readonly UrlMatching _matching;

    private UrlRules(MethodPatterns[] methods, UrlMatching matching, bool isEmpty)
    {
        _methods = methods;
        _matching = matching;
        IsEmpty = isEmpty;
    }

    /// <summary>Whether the list had no entries. A list of invalid entries, or of entries without methods, is not empty: it allows nothing.</summary>
    public bool IsEmpty { get; }

    /// <summary>Compiles a list of entries.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="matching">How patterns are read. With <see cref="UrlMatching.Tyk"/> they see the whole path only.</param>
    /// <param name="problems">Every invalid pattern; an entry with one never matches.</param>
    public static UrlRules Compile(IReadOnlyList<UrlEntry> entries, UrlMatching matching, out IReadOnlyList<EntryProblem> problems)
    {
        var found = new List<EntryProblem>();
        var methods = new Dictionary<string, List<PathPattern>>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < entries.Count; i++)
        {
            var pattern = PathPattern.Shared(entries[i].Url, matching, out var problem);
            if (pattern is null)
            {
                found.Add(new EntryProblem(i, problem!));
                continue;
            }

            foreach (var method in entries[i].Methods)
            {
                if (!methods.TryGetValue(method, out var patterns))
                {
                    methods.Add(method, patterns = []);
                }

                patterns.Add(pattern);
            }
        }

        problems = found;
        return entries.Count == 0 ? None : new UrlRules([.. methods.Select(one => new MethodPatterns(one.Key, one.Value))], matching, isEmpty: false);
    }

    /// <summary>Whether an entry matches, or there are no entries, which is no restriction.</summary>
    public bool Allows(string method, MatchPath path) => IsEmpty || Matches(method, path);

    /// <summary>Whether an entry matches. No entries match nothing: this is the test for lists that grant, such as public paths.</summary>
    public bool Matches(string method, MatchPath path)
    {
        foreach (var one in _methods)
        {
            if (!string.Equals(one.Method, method, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            return _matching == UrlMatching.Segments && path.HasBelow ? one.IsMatch(path.Below, path.Whole) : one.IsMatch(path.Whole, []);
        }

        return false;
    }

    /// <summary>The patterns of one method. Those with a literal first segment, which are most, are found by it, regular expressions too; the others are tried one by one.</summary>
    private sealed class MethodPatterns
    {
        private readonly Dictionary<string, List<PathPattern>> _byFirstSegment = new(StringComparer.Ordinal);
        private readonly PathPattern[] _others;

        public MethodPatterns(string method, List<PathPattern> patterns)
        {
            Method = method;
            foreach (var pattern in patterns)
            {
                if (pattern.FirstSegment is not { } segment)
                {
                    continue;
                }

                if (!_byFirstSegment.TryGetValue(segment, out var same))
                {
                    _byFirstSegment.Add(segment, same = []);
                }

                same.Add(pattern);
            }

            // Regular expressions cost most and are tried last.
            _others = [.. patterns.Where(pattern => pattern.FirstSegment is null).OrderBy(pattern => !pattern.IsPlain)];
        }

        public string Method { get; }

        /// <summary>Whether a pattern matches the first path, or the second where it is not empty.</summary>
        public bool IsMatch(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
        {
            if (IsMatchBySegment(first) || (!second.IsEmpty && IsMatchBySegment(second)))
            {
                return true;
            }

            foreach (var pattern in _others)
            {
                if (pattern.IsMatch(first) || (!second.IsEmpty && pattern.IsMatch(second)))
                {
                    return true;
                }
            }

            return false;
        }

        private bool IsMatchBySegment(ReadOnlySpan<char> path)
        {
            if (_byFirstSegment.Count == 0 || !path.StartsWith('/'))
            {
                return false;
            }

            var segment = path[1..];
            var end = segment.IndexOf('/');
            segment = end < 0 ? segment : segment[..end];
            if (_byFirstSegment.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var patterns))
            {
                foreach (var pattern in patterns)
                {
                    if (pattern.IsMatch(path))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
