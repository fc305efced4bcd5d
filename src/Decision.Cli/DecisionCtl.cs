using System.CommandLine;
using System.CommandLine.Invocation;
using Decision.Cli.Commands;
using Decision.Cli.Failures;

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
            return (int)WrongUse.Tell(result, shell);
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
}
