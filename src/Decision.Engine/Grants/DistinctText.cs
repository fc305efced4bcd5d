using System.Collections.Immutable;

namespace Decision.Engine.Grants;

/// <summary>Joins lists of texts, each text once, in the order in which they first come. Most lists are short, and most are the same.</summary>
internal static class DistinctText
{
    private const int MostCompared = 16;

    /// <summary>The texts of one list.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<string> texts) => texts.Length < 2 ? texts : Join([], texts);

    /// <summary>The texts of all sources, after those of the first list.</summary>
    public static ImmutableArray<string> Of<T>(ReadOnlySpan<T> sources, Func<T, ImmutableArray<string>> read, ImmutableArray<string> first = default)
    {
        ImmutableArray<string> result = first.IsDefault ? [] : Of(first);
        foreach (var source in sources)
        {
            var next = read(source);
            if (!next.IsEmpty && !next.AsSpan().SequenceEqual(result.AsSpan()))
            {
                result = result.IsEmpty ? Of(next) : Join(result, next);
            }
        }

        return result;
    }

    private static ImmutableArray<string> Join(ImmutableArray<string> known, ImmutableArray<string> next)
    {
        if (known.Length + next.Length > MostCompared)
        {
            return [.. known.Concat(next).Distinct(StringComparer.Ordinal)];
        }

        var joined = ImmutableArray.CreateBuilder<string>(known.Length + next.Length);
        joined.AddRange(known);
        foreach (string text in next)
        {
            if (!joined.Contains(text))
            {
                joined.Add(text);
            }
        }

        return joined.DrainToImmutable();
    }
}
