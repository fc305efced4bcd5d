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
        var methods = new Dictionary<string, (List<PathPattern> Plain, List<PathPattern> Others)>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < entries.Count; i++)
        {
            var pattern = PathPattern.Parse(entries[i].Url, matching, out var problem);
            if (pattern is null)
            {
                found.Add(new EntryProblem(i, problem!));
                continue;
            }

            foreach (var method in entries[i].Methods)
            {
                if (!methods.TryGetValue(method, out var patterns))
                {
                    methods.Add(method, patterns = ([], []));
                }

                (pattern.IsPlain ? patterns.Plain : patterns.Others).Add(pattern);
            }
        }

        problems = found;
        // Segments are compared before regular expressions are tried: they cost less.
        var compiled = methods.Select(one => new MethodPatterns(one.Key, [.. one.Value.Plain, .. one.Value.Others]));
        return entries.Count == 0 ? None : new UrlRules([.. compiled], matching, isEmpty: false);
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

            foreach (var pattern in one.Patterns)
            {
                if (_matching == UrlMatching.Tyk ? pattern.IsMatch(path.Whole) : pattern.IsMatch(path))
                {
                    return true;
                }
            }

            return false;
        }

        return false;
    }

    private readonly record struct MethodPatterns(string Method, PathPattern[] Patterns);
}
