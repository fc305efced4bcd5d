using System.CommandLine;
using System.CommandLine.Invocation;
using Decision.Cli.Commands;

namespace Decision.Cli;

/// <summary>One run of the tool, from arguments to exit code.</summary>
internal static class DecisionCtl
{
    // As long as a command may take to tidy up after Ctrl+C.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Shell shell, CancellationToken cancellation = default)
    {
        var result = CommandTree.Create(shell).Parse(arguments, CommandTree.Parsing);
        if (result.Action is ParseErrorAction)
        {
            return (int)TellWrongUse(result, shell);
        }

        return await result.InvokeAsync(
            new InvocationConfiguration
            {
                Output = shell.Out,
                Error = shell.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = Grace,
            },
            cancellation);
    }

    private static ExitCode TellWrongUse(ParseResult result, Shell shell)
    {
        var command = result.CommandResult.Command;
        if (result.Tokens.Count == 0 || (command.Subcommands.Count > 0 && result.UnmatchedTokens.Count == 0))
        {
            HelpText.Write(command, shell.Error);
            return ExitCode.WrongUse;
        }

        foreach (string problem in result.Errors.Select(error => error.Message).Distinct())
        {
            shell.Error.WriteLine(problem);
        }

        shell.Error.WriteLine($"See {CommandTree.PathOf(command)} --help");
        return ExitCode.WrongUse;
    }
}
