namespace Decision.Engine.Paths;

/// <summary>Makes a <see cref="ListenPathIndex{T}"/>.</summary>
public static class ListenPathIndex
{
    /// <summary>Builds the index.</summary>
    /// <param name="entries">Where each API listens.</param>
    /// <param name="problems">Every host or listen path that is invalid or already taken by an earlier entry. The index is usable all the same:
    /// what has a problem is not in it.</param>
    public static ListenPathIndex<T> Build<T>(IReadOnlyList<ListenPathEntry<T>> entries, out IReadOnlyList<EntryProblem> problems)
    {
        var index = new ListenPathIndex<T>();
        var found = new List<EntryProblem>();
        for (var i = 0; i < entries.Count; i++)
        {
            index.Add(entries[i], problem => found.Add(new EntryProblem(i, problem)));
        }

        problems = found;
        return index;
    }
}
