namespace Decision.Engine.Json;

/// <summary>Finds the known name that somebody probably meant.</summary>
public static class EditDistance
{
    private const int LongestName = 64;

    /// <summary>The nearest of the known names; null when none is near enough to be a slip of the keyboard.</summary>
    public static string? Nearest(string name, IEnumerable<string> knownNames)
    {
        // In a short name two changes make another word, not a slip.
        var allowed = name.Length <= 4 ? 1 : 2;
        string? nearest = null;
        foreach (var known in knownNames)
        {
            if (Math.Abs(known.Length - name.Length) > allowed || name.Length > LongestName)
            {
                continue;
            }

            var distance = Between(name, known);
            if (distance <= allowed)
            {
                nearest = known;
                allowed = distance - 1;
            }
        }

        return nearest;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one into the other; case does not count.</summary>
    public static int Between(string left, string right)
    {
        var beforePrevious = new int[right.Length + 1];
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            previous[column] = column;
        }

        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var cost = Same(left[row - 1], right[column - 1]) ? 0 : 1;
                var best = Math.Min(Math.Min(previous[column] + 1, current[column - 1] + 1), previous[column - 1] + cost);
                if (row > 1 && column > 1 && Same(left[row - 1], right[column - 2]) && Same(left[row - 2], right[column - 1]))
                {
                    best = Math.Min(best, beforePrevious[column - 2] + 1);
                }

                current[column] = best;
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
