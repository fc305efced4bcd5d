namespace Decision.Cli.Sources;

/// <summary>Reads YAML and JSON files into nodes that know their lines.</summary>
internal static class SourceFile
{
    private static readonly string[] YamlEndings = [".yaml", ".yml"];

    /// <summary>Whether a file is YAML by its name.</summary>
    public static bool IsYaml(string path) => YamlEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is JSON by its name.</summary>
    public static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Receives what is wrong with it.</param>
    /// <returns>Null where it cannot be read.</returns>
    public static SourceNode? Read(string path, SourceProblems problems)
    {
        byte[] utf8;
        try
        {
            utf8 = File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add("cannot be read: " + unreadable.Message);
            return null;
        }

        return IsYaml(path) ? YamlSource.Read(utf8, problems) : JsonNodes.Read(utf8, problems);
    }
}
