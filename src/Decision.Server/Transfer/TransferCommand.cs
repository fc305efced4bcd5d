namespace Decision.Server.Transfer;

/// <summary>What <c>export</c> or <c>import</c> was asked to do.</summary>
/// <param name="IsExport">Whether to export; else to import.</param>
/// <param name="File">A file, or <see cref="StandardStream"/>.</param>
/// <param name="Replaces">Whether an import overwrites what the store has with another content.</param>
/// <param name="IsDryRun">Whether an import only checks.</param>
internal sealed record TransferCommand(bool IsExport, string File, bool Replaces, bool IsDryRun)
{
    /// <summary>Standard output or input in the place of a file.</summary>
    public const string StandardStream = "-";

    private const string Export = "export";
    private const string Import = "import";

    /// <summary>The options that belong to a command.</summary>
    public static IReadOnlyList<string> Options { get; } = ["--replace", "--dry-run"];

    /// <summary>Whether the arguments ask for a command, well-formed or not.</summary>
    public static bool IsIn(IEnumerable<string> arguments) => arguments.Any(argument => argument is Export or Import);

    /// <summary>Reads the words and options of a command line that are no settings.</summary>
    /// <param name="words">The words in their order.</param>
    /// <param name="options">Those of <see cref="Options"/> that were given.</param>
    /// <param name="problems">Receives a sentence for each problem.</param>
    /// <returns>Null where no command was asked for, or it has a problem.</returns>
    public static TransferCommand? Read(IReadOnlyList<string> words, IReadOnlyCollection<string> options, ICollection<string> problems)
    {
        if (words is not [Export or Import, ..])
        {
            foreach (string word in words)
            {
                problems.Add($"The argument '{word}' is not understood: write settings as --Section:Name=value, and see --help.");
            }

            foreach (string option in options)
            {
                problems.Add($"The option '{option}' belongs to import: write import FILE {option}.");
            }

            return null;
        }

        bool isExport = words[0] == Export;
        if (words.Count != 2 || words[1].Length == 0)
        {
            problems.Add(isExport
                ? "export takes the name of the file to write: write export FILE, or export - for standard output."
                : "import takes the name of the file to read: write import FILE, or import - for standard input.");
        }

        foreach (string option in isExport ? options : [])
        {
            problems.Add($"The option '{option}' belongs to import: an export changes nothing in the store.");
        }

        return problems.Count > 0 ? null : new TransferCommand(isExport, words[1], options.Contains("--replace"), options.Contains("--dry-run"));
    }
}
