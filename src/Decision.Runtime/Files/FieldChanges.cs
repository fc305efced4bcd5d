using Decision.Runtime.Administration;

namespace Decision.Runtime.Files;

/// <summary>Says in one line which fields differ between two JSON objects: <c>rate 3 -> 100, quota_max 5 -> 50</c>.</summary>
internal static class FieldChanges
{
    private const int MostShown = 8;
    private const int LongestValue = 60;

    /// <summary>The line; empty when nothing differs.</summary>
    /// <param name="before">One object.</param>
    /// <param name="after">The other.</param>
    /// <param name="isHidden">Top-level fields whose values are not said, because they may hold a secret.</param>
    /// <param name="isIgnored">Top-level fields that are said elsewhere.</param>
    public static string Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, Predicate<string> isHidden, Predicate<string> isIgnored)
    {
        string[] changes =
        [
            .. FieldChange.Between(before, after).Where(change => !isIgnored(change.Root)).Select(change => Say(change, isHidden(change.Root))),
        ];
        int more = changes.Length - MostShown;
        string line = string.Join(", ", changes.Take(MostShown));
        return more > 0 ? $"{line} and {more} more" : line;
    }

    private static string Say(FieldChange change, bool isHidden)
    {
        bool isObject = (change.Before ?? change.After)!.StartsWith('{');
        return (change.Before, change.After) switch
        {
            (null, _) when isHidden || isObject => $"{change.Field} added",
            (_, null) when isHidden || isObject => $"{change.Field} removed",
            _ when isHidden => $"{change.Field} changed",
            _ => $"{change.Field} {Show(change.Before)} -> {Show(change.After)}",
        };
    }

    private static string Show(string? value)
    {
        string text = value ?? "not set";
        return text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue - 3), "...");
    }
}
