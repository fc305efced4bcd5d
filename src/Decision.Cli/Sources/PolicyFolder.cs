using Decision.Cli.PolicyTests;

namespace Decision.Cli.Sources;

/// <summary>The files of a folder that hold policies.</summary>
internal static class PolicyFolder
{
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
