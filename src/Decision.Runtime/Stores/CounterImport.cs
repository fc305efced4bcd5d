namespace Decision.Runtime.Stores;

/// <summary>What became of counters that were imported.</summary>
/// <param name="Written">The store now holds what was imported.</param>
/// <param name="Unchanged">The store held exactly that.</param>
/// <param name="Kept">The store held something else and keeps it, because to overwrite it could enlarge what remains.</param>
public readonly record struct CounterImport(long Written, long Unchanged, long Kept)
{
    /// <summary>Both together.</summary>
    public static CounterImport operator +(CounterImport left, CounterImport right) =>
        new(left.Written + right.Written, left.Unchanged + right.Unchanged, left.Kept + right.Kept);

    /// <summary>Both together.</summary>
    public static CounterImport Add(CounterImport left, CounterImport right) => left + right;
}
