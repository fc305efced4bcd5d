namespace Decision.Server.Transfer;

/// <summary>The command <c>restore FILE</c>.</summary>
internal static class RestoreCommand
{
    private const string Word = "restore";

    /// <summary>Whether the arguments ask for it, well-formed or not.</summary>
    public static bool IsIn(IEnumerable<string> arguments) => arguments.Contains(Word, StringComparer.Ordinal);

    /// <summary>Reads the words and options of a command line that are no settings.</summary>
    /// <param name="words">The words in their order.</param>
    /// <param name="options">Options of other commands that were given.</param>
    /// <param name="problems">Receives a sentence for each problem.</param>
    /// <returns>The backup's file; null where the command was not asked for, or it has a problem.</returns>
    public static string? Read(IReadOnlyList<string> words, IReadOnlyCollection<string> options, ICollection<string> problems)
    {
        if (words is not [Word, ..])
        {
            return null;
        }

        if (words.Count != 2 || words[1].Length == 0)
        {
            problems.Add("restore takes the name of a backup: write restore FILE, with one that decisionctl backup create has written.");
        }

        foreach (string option in options)
        {
            problems.Add($"The option '{option}' belongs to import: a backup is restored where no database is yet.");
        }

        return problems.Count > 0 ? null : words[1];
    }
}
