using Decision.Cli.Failures;
using Decision.Cli.PolicyTests;

namespace Decision.Cli.Sources;

/// <summary>The files of a folder that hold policies.</summary>
internal static class PolicyFolder
{
    /// <summary>The files that a path on the command line means: those of a folder, else the path itself.</summary>
    /// <exception cref="CommandException">It is a folder without any.</exception>
    public static IReadOnlyList<string> FilesOf(string path) => !Directory.Exists(path) ? [path]
        : Files(path) is { Count: > 0 } files ? files
        : throw CommandException.WrongUse($"The folder {path} {IsEmpty}.");

    /// <summary>What to tell where there is none.</summary>
    public const string IsEmpty = "has no file that ends with .json, .yaml or .yml";

    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>All JSON and YAML below a folder in a fixed order, without hidden files and without tests of policies.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", Below)
            .Where(static file => (SourceFile.IsJson(file) || SourceFile.IsYaml(file)) && !CaseFiles.IsTest(file))
            .Order(StringComparer.Ordinal),
    ];
}
