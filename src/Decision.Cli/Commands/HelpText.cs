using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Decision.Cli.Commands;

/// <summary>The help of a command: what the parser knows of it, then its examples.</summary>
internal static class HelpText
{
    private const int MaximumWidth = 100;

    /// <summary>Puts the examples under every command's help.</summary>
    public static void AddTo(RootCommand root) => root.Options.OfType<HelpOption>().Single().Action = new Action();

    /// <summary>Writes the help of a command that was called without what it needs.</summary>
    public static void Write(Command command, TextWriter writer)
    {
        var root = command;
        var path = new List<string>();
        while (root.Parents.OfType<Command>().FirstOrDefault() is { } parent)
        {
            path.Insert(0, root.Name);
            root = parent;
        }

        root.Parse([.. path, "--help"], CommandTree.Parsing).Invoke(new InvocationConfiguration { Output = writer, Error = writer });
    }

    private sealed class Action : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new() { MaxWidth = MaximumWidth };

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var command = parseResult.CommandResult.Command;
            var writer = parseResult.InvocationConfiguration.Output;
            bool isRoot = command is RootCommand;

            // The tree is this run's own: what every command takes is told once, under the root.
            foreach (var option in parseResult.RootCommandResult.Command.Options.Where(option => option.Recursive && option is not HelpOption))
            {
                option.Hidden = !isRoot;
            }

            _help.Invoke(parseResult);
            writer.WriteLine("Examples:");
            foreach (string example in ExamplesOf(command))
            {
                writer.WriteLine("  " + example);
            }

            writer.WriteLine();
            writer.WriteLine(isRoot
                ? "Exit codes: 0 done or allowed, 1 refused, 2 wrong use, 3 the service is unreachable or failing."
                : $"Every command also takes --address, --secret-file, --output json, --quiet and more: {CommandTree.ToolName} --help");
            return 0;
        }

        // A group shows one of each command in it.
        private static IEnumerable<string> ExamplesOf(Command command) => command is CliCommand { Examples: var examples }
            ? examples
            : command.Subcommands.Where(one => !one.Hidden).SelectMany(one => ExamplesOf(one).Take(1));
    }
}
