using Spectre.Console;

namespace Decision.Cli.Results;

/// <summary>Makes consoles: colours only where a person looks and NO_COLOR is not set, no width that cuts lines in a pipe.</summary>
internal static class ConsoleFactory
{
    public static IAnsiConsole Create(TextWriter writer, bool isTerminal, Shell shell)
    {
        bool isPlain = !isTerminal || shell.Setting("NO_COLOR") is not null || shell.Setting("TERM") == "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(isTerminal ? writer : new TrimmedWriter(writer)),
            Ansi = isTerminal && shell.Setting("TERM") != "dumb" ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = isTerminal && shell.Setting("TERM") != "dumb" ? InteractionSupport.Yes : InteractionSupport.No,

            // What it would find in CI systems' variables: colours in logs.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = shell.Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
