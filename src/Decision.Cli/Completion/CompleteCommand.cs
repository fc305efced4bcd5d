using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Completion;

/// <summary>What the completion scripts call: suggestions for a line that ends where the cursor is.</summary>
internal static class CompleteCommand
{
    public static Command Create(Shell shell)
    {
        var line = new Argument<string>("LINE") { Description = "The line as far as the cursor." };
        return new CliCommand(shell, "complete", "Prints what may stand at the end of a line.")
        {
            Hidden = true,
            Symbols = [line],
            Examples = ["decisionctl complete -- 'decisionctl policy get t'"],
            Runs = async (parsed, _) =>
            {
                foreach (string suggestion in Suggestions(parsed.GetRequiredValue(line), shell))
                {
                    await shell.Out.WriteLineAsync(suggestion);
                }

                return ExitCode.Done;
            },
        };
    }

    private static IEnumerable<string> Suggestions(string line, Shell shell)
    {
        // Without the tool's own name, under whatever path it was called.
        string trimmed = line.TrimStart();
        int blank = trimmed.IndexOf(' ', StringComparison.Ordinal);
        string rest = blank < 0 ? "" : trimmed[(blank + 1)..];
        string word = rest[(rest.LastIndexOf(' ') + 1)..];

        // --option=value is asked for as --option value.
        int equals = word.StartsWith('-') ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        string option = word[..(equals + 1)];
        if (equals >= 0)
        {
            rest = $"{rest[..^word.Length]}{word[..equals]} {word[(equals + 1)..]}";
            word = word[(equals + 1)..];
        }

        var tree = CommandTree.Create(shell);
        ServerSuggestions.AddTo(tree, shell);
        return tree
            .Parse(rest, CommandTree.Parsing)
            .GetCompletions(rest.Length)
            .Select(item => item.InsertText ?? item.Label)
            .Where(text => text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (word.Length > 0 || text[0] is not ('-' or '/')))
            .Select(text => option + text)
            .Distinct(StringComparer.Ordinal);
    }
}
