namespace Decision.Engine.Paths;

/// <summary>Makes an <see cref="EndpointTable{T}"/>.</summary>
public static class EndpointTable
{
    /// <summary>Compiles endpoints.</summary>
    /// <param name="entries">The endpoints; earlier ones win.</param>
    /// <param name="matching">How patterns are read.</param>
    /// <param name="problems">Every invalid pattern; an endpoint with one never matches, and the next one is tried.</param>
    public static EndpointTable<T> Compile<T>(IReadOnlyList<EndpointEntry<T>> entries, UrlMatching matching, out IReadOnlyList<EntryProblem> problems)
    {
        var found = new List<EntryProblem>();
        var methods = new Dictionary<string, List<(PathPattern Pattern, T Value)>>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < entries.Count; i++)
        {
            var pattern = PathPattern.Shared(entries[i].Path, matching, out var problem);
            if (pattern is null)
            {
                found.Add(new EntryProblem(i, problem!));
                continue;
            }

            if (!methods.TryGetValue(entries[i].Method, out var endpoints))
            {
                methods.Add(entries[i].Method, endpoints = []);
            }

            endpoints.Add((pattern, entries[i].Value));
        }

        problems = found;
        return new EndpointTable<T>(methods);
    }
}
