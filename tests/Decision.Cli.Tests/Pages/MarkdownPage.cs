using System.Text.RegularExpressions;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Pages;

/// <summary>A page of the documentation.</summary>
/// <param name="Path">Its path in the clone.</param>
/// <param name="Lines">Its lines.</param>
internal sealed partial record MarkdownPage(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>What makes a block of commands one that is not run, on the line before it: <c>&lt;!-- not run: why --&gt;</c>.</summary>
    private const string NotRun = "<!-- not run: ";

    public static MarkdownPage Read(string path) => new(path, File.ReadAllLines(Repository.PathOf(path)));

    /// <summary>Every page that people read: the README, docs/, and the READMEs of the clients, the packages and deploy/.</summary>
    public static IEnumerable<string> All() =>
        new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md", "src/Decision.Cli/README.md", "src/Decision.Contracts/README.md" }
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Select(Relative))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("clients"), "README.md", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
                .Select(Relative).Where(path => !path.Contains("node_modules", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    /// <summary>The blocks that are marked as <c>sh</c>; outputs and files of other programs are not.</summary>
    public IReadOnlyList<CommandBlock> Commands()
    {
        var fences = Fences();
        var blocks = new List<CommandBlock>();
        for (int index = 0; index < fences.Count; index++)
        {
            var (line, language, text) = fences[index];
            if (language == "sh")
            {
                string before = line >= 2 ? Lines[line - 2].Trim() : "";
                string? reason = before.StartsWith(NotRun, StringComparison.Ordinal) ? before[NotRun.Length..].TrimEnd('-', '>', ' ') : null;
                bool hasOutput = index + 1 < fences.Count && fences[index + 1].Language.Length == 0;
                blocks.Add(new CommandBlock(line, string.Join('\n', text), reason, hasOutput ? fences[index + 1].Text : []));
            }
        }

        return blocks;
    }

    /// <summary>The targets of its links, with the line of each; what stands in code is none.</summary>
    public IEnumerable<(int Line, string Target)> Links() =>
        from line in Prose()
        from Match match in LinkPattern().Matches(CodePattern().Replace(line.Text, "code"))
        select (line.Number, match.Groups[1].Value);

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IReadOnlySet<string> Anchors()
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, text) in Prose().Where(line => line.Text.StartsWith('#')))
        {
            string title = LinkTextPattern().Replace(text.TrimStart('#').Trim(), "$1").ToLowerInvariant();
            string anchor = string.Concat(title.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');
            string name = anchor;
            for (int number = 1; !anchors.Add(name); number++)
            {
                name = $"{anchor}-{number}";
            }
        }

        return anchors;
    }

    private static string Relative(string path) => System.IO.Path.GetRelativePath(Repository.Folder, path);

    private IEnumerable<(int Number, string Text)> Prose()
    {
        bool isCode = false;
        for (int index = 0; index < Lines.Count; index++)
        {
            if (Lines[index].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return (index + 1, Lines[index]);
            }
        }
    }

    // Blocks in lists are indented; their text is as far to the right.
    private List<(int Line, string Language, IReadOnlyList<string> Text)> Fences()
    {
        var fences = new List<(int, string, IReadOnlyList<string>)>();
        for (int index = 0; index < Lines.Count; index++)
        {
            int indent = Lines[index].IndexOf("```", StringComparison.Ordinal);
            if (indent < 0 || !string.IsNullOrWhiteSpace(Lines[index][..indent]))
            {
                continue;
            }

            int start = index;
            string language = Lines[index][(indent + 3)..].Trim();
            var text = new List<string>();
            for (index++; Lines[index].Trim() != "```"; index++)
            {
                text.Add(Lines[index].Length >= indent ? Lines[index][indent..] : Lines[index]);
            }

            fences.Add((start + 1, language, text));
        }

        return fences;
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkTextPattern();

    [GeneratedRegex("`[^`]*`", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
